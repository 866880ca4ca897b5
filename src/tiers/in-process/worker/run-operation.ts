import { createHash } from 'node:crypto';
import type { FailureReason, RunMessage } from '../../../execution/index.js';
import {
  type FeatureSet,
  Geos,
  GeosError,
  GeosOutOfMemory,
  GrowingBuffer,
  writeFeatureCollection,
} from '../../../geometry-codecs/worker.js';
import type { ProcessDefinition } from '../../../registry/worker.js';
import { AppError } from '../../../shared/app-error.js';
import type { OperationName } from '../operation-names.js';
import { OPERATIONS } from '../operations/table.js';
import type { OperationContext, OutputValue } from '../operations/operation.js';
import { outputOptions, OutputStyle } from '../output/output-style.js';
import type { Computed, ComputedOutput, ComputeLimits } from '../task-protocol.js';
import type { ReadRequest } from './read-request.js';

interface Surroundings {
  definition: ProcessDefinition;
  limits: ComputeLimits;
  progress(percent: number, message?: string): void;
}

/** Computes and writes the outputs. `broken`: the engine must not be used again. */
export async function runOperation(
  geos: Geos,
  request: ReadRequest,
  { definition, limits, progress }: Surroundings,
): Promise<{ computed: Computed; broken: boolean }> {
  const messages: RunMessage[] = [...(request.options.notes ?? [])];
  const cpuBefore = process.threadCpuUsage();
  const cpuMs = (): number => {
    const used = process.threadCpuUsage(cpuBefore);
    return Math.round((used.user + used.system) / 1000);
  };
  const context: OperationContext = {
    geos,
    expression: request.expression,
    inputs: definition.inputs,
    settings: definition.handlers['in-process'] ?? {},
    messages,
    maxOutputFeatures: limits.maxOutputFeatures,
    progress,
  };
  try {
    const style = new OutputStyle(context, outputOptions(context.expression));
    const values = await OPERATIONS[context.settings.operation as OperationName](context);
    const outputs = writeOutputs(values, request, limits, style);
    return { computed: { ok: true, outputs, messages, cpuMs: cpuMs() }, broken: false };
  } catch (error) {
    const { reason, message, broken, defect } = classify(error);
    const failure = { reason, message, retryable: false };
    return { computed: { ok: false, failure, messages, cpuMs: cpuMs(), ...(defect && { defect }) }, broken };
  }
}

/** A request that names outputs gets those; one that names none gets all, and its protocol decides what to show. */
function writeOutputs(
  values: Record<string, OutputValue>,
  { options }: ReadRequest,
  limits: ComputeLimits,
  style: OutputStyle,
): ComputedOutput[] {
  const wanted = Object.keys(options.outputs ?? {});
  return Object.entries(values)
    .filter(([id]) => wanted.length === 0 || wanted.includes(id))
    .map(([id, value]) => writeOutput(id, isFeatures(value) ? style.applyTo(value) : value, limits));
}

function writeOutput(id: string, value: OutputValue, limits: ComputeLimits): ComputedOutput {
  const features = isFeatures(value) ? value : undefined;
  if (features && features.features.length > limits.maxOutputFeatures) {
    throw new AppError(
      'too-large',
      'result-too-large',
      `The result has more than ${limits.maxOutputFeatures} features.`,
    );
  }
  const bytes = features
    ? writeFeatureCollection(features.features, features.crs, limits.maxOutputBytes)
    : writePlain(value, limits.maxOutputBytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const mediaType = features ? 'application/geo+json' : 'application/json';
  return { id, mediaType, bytes, sha256, ...(features && { features: features.features.length }) };
}

function writePlain(value: OutputValue, maxBytes: number): Uint8Array<ArrayBuffer> {
  const text = new GrowingBuffer(maxBytes);
  text.utf8(JSON.stringify(value));
  return text.finish();
}

const isFeatures = (value: OutputValue): value is Pick<FeatureSet, 'features' | 'crs'> =>
  typeof value === 'object' && 'features' in value && 'crs' in value;

interface Classified {
  reason: FailureReason;
  message: string;
  /** Whether the thread should be replaced. */
  broken: boolean;
  defect?: string;
}

function classify(error: unknown): Classified {
  if (error instanceof AppError) {
    const reason = error.kind === 'too-large' ? 'too-large' : 'invalid-input';
    return { reason, message: error.message, broken: false };
  }
  if (error instanceof GeosOutOfMemory)
    return { reason: 'out-of-memory', message: error.message, broken: true };
  if (error instanceof GeosError)
    return {
      reason: 'process-error',
      message: `The geometry engine gave up: ${error.message}`,
      broken: false,
    };
  if (error instanceof WebAssembly.RuntimeError) {
    return {
      reason: 'process-error',
      message: 'The geometry engine broke down on this input.',
      broken: true,
    };
  }
  if (error instanceof RangeError && /string length|array buffer|allocation/i.test(error.message)) {
    return { reason: 'too-large', message: 'The result is too large to be written.', broken: true };
  }
  const defect = error instanceof Error ? error.stack : String(error);
  return {
    reason: 'process-error',
    message: 'The operation failed by a defect of the service.',
    broken: true,
    defect,
  };
}
