import type { RequestedOutput } from '../../execution/index.js';
import type { OutputDefinition, ProcessDefinition } from '../../registry/index.js';
import type { Fault } from '../../shared/app-error.js';
import { isObject, type JsonObject, pointer } from './json-object.js';

const MEDIA_TYPES: Record<'features' | 'plain', string[]> = {
  features: ['application/geo+json', 'application/vnd.geo+json', 'application/json'],
  plain: ['application/json', 'text/plain'],
};

/** The `outputs` member: which outputs, in which form. A null prototype, since the names are the caller's. */
export function readOutputs(
  value: unknown,
  definition: ProcessDefinition,
  faults: Fault[],
): Record<string, RequestedOutput> | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    faults.push({ path: '/outputs', message: 'must be an object of output names' });
    return undefined;
  }
  const outputs = Object.create(null) as Record<string, RequestedOutput>;
  for (const [name, wanted] of Object.entries(value)) {
    const path = pointer('/outputs', name);
    const output = Object.hasOwn(definition.outputs, name) ? definition.outputs[name] : undefined;
    if (!output) faults.push({ path, message: 'the process has no output of this name' });
    else if (!isObject(wanted)) faults.push({ path, message: 'must be an object' });
    else outputs[name] = readOutput(wanted, output, { path, faults });
  }
  return outputs;
}

function readOutput(
  wanted: JsonObject,
  output: OutputDefinition,
  at: { path: string; faults: Fault[] },
): RequestedOutput {
  const read: RequestedOutput = {};
  const { transmissionMode } = wanted;
  if (transmissionMode === 'value' || transmissionMode === 'reference') read.transmission = transmissionMode;
  else if (transmissionMode !== undefined) {
    at.faults.push({ path: `${at.path}/transmissionMode`, message: 'must be value or reference' });
  }
  const mediaType = isObject(wanted.format) ? wanted.format.mediaType : undefined;
  if (mediaType === undefined) return read;
  const offered =
    output.type === 'file'
      ? [output.mediaType ?? 'application/octet-stream']
      : MEDIA_TYPES[output.type === 'features' ? 'features' : 'plain'];
  if (typeof mediaType === 'string' && offered.includes(mediaType)) read.mediaType = mediaType;
  else
    at.faults.push({ path: `${at.path}/format/mediaType`, message: `must be one of ${offered.join(', ')}` });
  return read;
}
