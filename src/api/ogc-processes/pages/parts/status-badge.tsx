import type { VNode } from 'preact';
import { Badge, type Tone } from '../../../../pages/index.js';
import type { JobStatus } from '../../status-info.js';

const LOOKS: Record<JobStatus, { tone: Tone; text: string }> = {
  accepted: { tone: 'plain', text: 'Waiting' },
  running: { tone: 'busy', text: 'Running' },
  successful: { tone: 'good', text: 'Successful' },
  failed: { tone: 'bad', text: 'Failed' },
  dismissed: { tone: 'warn', text: 'Dismissed' },
};

export const statusText = (status: JobStatus): string => LOOKS[status].text;

export const StatusBadge = ({ status }: { status: JobStatus }): VNode => (
  <Badge tone={LOOKS[status].tone}>{LOOKS[status].text}</Badge>
);
