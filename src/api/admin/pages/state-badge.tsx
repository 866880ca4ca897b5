import type { VNode } from 'preact';
import { Badge, type Tone } from '../../../pages/index.js';
import type { RunInfo } from '../runs/run-info.js';

const TONES: Record<RunInfo['state'], Tone> = {
  queued: 'plain',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'warn',
};

export const StateBadge = ({ state, cancelRequested }: Pick<RunInfo, 'state' | 'cancelRequested'>): VNode => (
  <Badge tone={TONES[state]}>{state === 'running' && cancelRequested ? 'cancelling' : state}</Badge>
);
