import { readFileSync } from 'node:fs';
import type { WorkContext, Works } from '../../../execution/index.js';
import type { Geos } from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import type { ThreadData, ThreadMessage, WorkTask } from '../task-protocol.js';
import { parseJson } from './parse-json.js';

interface WorkingThread {
  geos: Geos;
  works: Works<Geos>;
  data: ThreadData;
}

/**
 * Does a work and tells its bytes, or why there are none. True where the memory of the engine has grown by it, so that
 * the thread must be replaced.
 */
export function doWork(
  { geos, works, data }: WorkingThread,
  task: WorkTask,
  say: (message: ThreadMessage, transfer?: ArrayBuffer[]) => void,
): boolean {
  const work = Object.hasOwn(works, task.work) ? works[task.work] : undefined;
  if (!work) throw new Error(`Compute threads know no work ${task.work}`);
  const { parameters, maxBytes } = task;
  const source = 'path' in task.source ? readFileSync(task.source.path) : Buffer.from(task.source.bytes);
  const json = (text: Buffer = source): unknown => parseJson(text, data.heapBytes);
  const context: WorkContext<Geos> = { source, parameters, maxBytes, engine: geos, json };
  try {
    const bytes = geos.arena(() => work(context));
    const output = { id: task.work, mediaType: '', bytes, sha256: '' };
    const computed = { ok: true as const, outputs: [output], messages: [], cpuMs: 0 };
    const used = geos.heap.bytes > data.recycleAboveBytes;
    say({ kind: 'computed', computed, used }, [bytes.buffer]);
    return used;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { kind, code, message, faults } = error;
    say({ kind: 'refused', error: { kind, code, message, faults } });
    return false;
  }
}
