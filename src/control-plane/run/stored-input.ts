import type { RunInput } from '../../execution/index.js';
import type { ProcessRun } from './process-run.entity.js';

/** The request as it was sent, from where the run keeps it. */
export function storedInput(run: ProcessRun, bytes: Uint8Array<ArrayBuffer> | null): RunInput {
  const { key, size, sha256, mediaType } = run.input;
  if (key) return { surface: run.surface, mediaType, payload: { kind: 'artifact', key, size, sha256 } };
  if (!bytes) throw new Error(`The input of run ${run.id} is missing`);
  return { surface: run.surface, mediaType, payload: { kind: 'inline', bytes, size, sha256 } };
}
