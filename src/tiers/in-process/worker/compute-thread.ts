import { once } from 'node:events';
import { workerData } from 'node:worker_threads';
import type { EnvelopeReaders, Works } from '../../../execution/index.js';
import { ReferencesWanted } from '../../../execution/worker.js';
import { Geos } from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import type {
  ComputeLimits,
  ComputeTask,
  ThreadData,
  ThreadMessage,
  ThreadTask,
  Verdict,
} from '../task-protocol.js';
import { doWork } from './do-work.js';
import { throttled } from './progress.js';
import { runOperation } from './run-operation.js';
import { type ReadRequest, readRequest } from './read-request.js';

export interface ComputeThread {
  geos: Geos;
  readers: EnvelopeReaders;
  works: Works<Geos>;
  data: ThreadData;
  alive(): true;
}

export async function prepareThread(readers: EnvelopeReaders, works: Works<Geos>): Promise<ComputeThread> {
  const data = workerData as ThreadData;
  const geos = await Geos.start(data.geos);
  const alive = (): true =>
    geos.arena(() => {
      if (geos.read(geos.write({ type: 'Point', coordinates: [1, 2] }))?.type !== 'Point')
        throw new Error('GEOS is broken');
      return true;
    });
  return { geos, readers, works, data, alive };
}

/**
 * One task: read, validate and measure the request; wait for the verdict; compute. Everything it has to say goes
 * through the port, which it closes at the end. It never throws for what the request is to blame for.
 */
export async function answer(thread: ComputeThread, task: ThreadTask): Promise<void> {
  const { port } = task;
  const say = (message: ThreadMessage, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  try {
    say({ kind: 'started' });
    if ('work' in task) return doWork(thread, task, say) ? await replaced() : undefined;
    const request = tryToRead(thread, task, say);
    const limits = request && (task.go ?? (await parked(thread, task, request)));
    if (!limits) return;
    const { computed, broken } = await runOperation(thread.geos, request, {
      definition: task.definition,
      limits,
      progress: throttled(thread.data.progressEveryMs, (percent, message) =>
        say({ kind: 'progress', percent, ...(message && { message }) }),
      ),
    });
    const bytes = computed.ok ? computed.outputs.map((output) => output.bytes.buffer) : [];
    const used = broken || hasGrown(thread);
    say({ kind: 'computed', computed, used }, bytes);
    if (used) await replaced();
  } finally {
    port.close();
  }
}

/** The other side ends a used thread on reading that it is; until then it must get no other task. */
const replaced = (): Promise<void> => new Promise(() => {});

const hasGrown = ({ geos, data }: ComputeThread): boolean => geos.heap.bytes > data.recycleAboveBytes;

function tryToRead(
  thread: ComputeThread,
  task: ComputeTask,
  say: (message: ThreadMessage) => void,
): ReadRequest | undefined {
  try {
    return readRequest(task, thread.readers, thread.data.heapBytes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { kind, code, message, faults } = error;
    const references = error instanceof ReferencesWanted ? error.references : undefined;
    say({ kind: 'refused', error: { kind, code, message, faults, references } });
    return undefined;
  }
}

/** Tells what the request holds and waits for go or stop, but not for ever: an idle thread serves nobody. */
async function parked(
  thread: ComputeThread,
  task: ComputeTask,
  { options, summary }: ReadRequest,
): Promise<ComputeLimits | undefined> {
  const { port } = task;
  const verdict = once(port, 'message', { signal: AbortSignal.timeout(thread.data.parkLimitMs) });
  port.postMessage({ kind: 'inspected', request: options, summary } satisfies ThreadMessage);
  try {
    const [message] = (await Promise.race([verdict, once(port, 'close').then(() => [{ kind: 'stop' }])])) as [
      Verdict,
    ];
    return message.kind === 'go' ? message.limits : undefined;
  } catch {
    return undefined;
  }
}
