import type { Envelope, ReceivedBody, RequestOptions } from '../../execution/index.js';
import { ArrayRequested } from '../../execution/worker.js';
import type { ProcessDefinition } from '../../registry/index.js';
import type { RawInput, RawValue } from '../../registry/worker.js';
import { AppError, type Fault } from '../../shared/app-error.js';
import { layerHref, namesLayer, readLayerReference } from '../../shared/layer-reference.js';
import { isObject, pointer, type JsonObject } from './json-object.js';
import { readExecution } from './ogc-execution.js';
import { readOutputs } from './ogc-outputs.js';

/** execute.yaml of OGC API - Processes 1.0, plus the `mode` of its drafts, which clients still send, and `execution`. */
const MEMBERS = ['inputs', 'outputs', 'response', 'subscriber', 'mode', 'execution'];
/** An object is a qualified value only if it has no other members (`{"value":5,"unit":"km"}` is a length). */
const QUALIFIED = new Set(['value', 'mediaType', 'encoding', 'schema', 'format']);
const LINK = new Set(['href', 'rel', 'type', 'hreflang', 'title', 'length']);

export function readOgcExecuteRequest(received: ReceivedBody, definition: ProcessDefinition): Envelope {
  const faults: Fault[] = [];
  const body = received.json();
  if (!isObject(body)) throw refused([{ path: '', message: 'the request body must be a JSON object' }]);
  if (Object.hasOwn(body, 'array')) throw new ArrayRequested();
  for (const member of Object.keys(body)) {
    if (!MEMBERS.includes(member))
      faults.push({ path: pointer('', member), message: 'is no member of an execute request' });
  }
  const execution = isObject(body.execution) ? readExecution(body.execution, faults) : undefined;
  const options: RequestOptions = {
    response: readResponse(body.response, faults),
    outputs: readOutputs(body.outputs, definition, faults),
    mode: readMode(body, faults),
    ...(execution && { execution }),
    subscriber: readSubscriber(body.subscriber, faults),
  };
  const inputs = readInputs(body.inputs, definition, faults);
  if (faults.length > 0) throw refused(faults);
  return { inputs, options };
}

const refused = (faults: Fault[]): AppError =>
  new AppError(
    'invalid-input',
    'invalid-input',
    `${faults[0]!.path || 'The request'}: ${faults[0]!.message}`,
    { faults },
  );

function readResponse(value: unknown, faults: Fault[]): 'raw' | 'document' {
  if (value === undefined) return 'raw';
  if (value === 'raw' || value === 'document') return value;
  faults.push({ path: '/response', message: 'must be raw or document' });
  return 'raw';
}

function readMode(body: JsonObject, faults: Fault[]): 'sync' | 'async' | undefined {
  const nested = isObject(body.execution) ? body.execution.mode : undefined;
  if (body.execution !== undefined && !isObject(body.execution)) {
    faults.push({ path: '/execution', message: 'must be an object' });
  }
  const mode = body.mode ?? nested;
  if (mode === undefined || mode === 'auto') return undefined;
  if (mode === 'sync' || mode === 'async') return mode;
  faults.push({
    path: body.mode === undefined ? '/execution/mode' : '/mode',
    message: 'must be sync, async or auto',
  });
  return undefined;
}

export function readSubscriber(value: unknown, faults: Fault[]): RequestOptions['subscriber'] {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    faults.push({ path: '/subscriber', message: 'must be an object' });
    return undefined;
  }
  const subscriber: Record<string, string> = {};
  for (const [key, uri] of Object.entries(value)) {
    const known = key === 'successUri' || key === 'inProgressUri' || key === 'failedUri';
    if (!known) faults.push({ path: pointer('/subscriber', key), message: 'is no member of a subscriber' });
    else if (typeof uri !== 'string' || !URL.canParse(uri))
      faults.push({ path: `/subscriber/${key}`, message: 'must be a URI' });
    else subscriber[key] = uri;
  }
  return subscriber;
}

function readInputs(value: unknown, definition: ProcessDefinition, faults: Fault[]): RawInput[] {
  if (value === undefined) return [];
  if (!isObject(value)) {
    faults.push({ path: '/inputs', message: 'must be an object of input names and values' });
    return [];
  }
  return Object.entries(value).map(([name, given]) => {
    const path = pointer('/inputs', name);
    const several = Array.isArray(given) && mayOccurSeveralTimes(name, definition);
    const values = several
      ? given.map((one, index) => readValue(one, `${path}/${index}`))
      : [readValue(given, path)];
    return { name, path, values };
  });
}

/** With maxOccurs > 1 an array is the list of values, else it would be one value. */
function mayOccurSeveralTimes(name: string, definition: ProcessDefinition): boolean {
  const input = Object.entries(definition.inputs).find(
    ([key, { aliases }]) => key === name || aliases.includes(name),
  );
  return input !== undefined && input[1].maxOccurs !== 1;
}

function readValue(given: unknown, path: string): RawValue {
  if (!isObject(given)) return { value: given, path };
  const keys = Object.keys(given);
  if (namesLayer(given)) return readLayer(given, path);
  if (keys.includes('href') && keys.every((key) => LINK.has(key))) return readLink(given, path);
  if (!Object.hasOwn(given, 'value') || !keys.every((key) => QUALIFIED.has(key)))
    return { value: given, path };
  const format = isObject(given.format) ? given.format : given;
  const { mediaType, encoding } = format;
  const named = { path: `${path}/value`, ...(typeof mediaType === 'string' && { mediaType }) };
  if (encoding === 'base64') return { ...named, value: undefined, bytes: readBase64(given.value, path) };
  if (encoding === undefined || (typeof encoding === 'string' && /^utf-?8$/i.test(encoding)))
    return { ...named, value: given.value };
  throw refused([{ path: `${path}/encoding`, message: 'must be base64 or utf-8' }]);
}

function readLayer(given: JsonObject, path: string): RawValue {
  const read = readLayerReference(given);
  if (!Array.isArray(read)) return { value: undefined, path, href: layerHref(read) };
  throw refused(read.map((fault) => ({ ...fault, path: path + fault.path })));
}

function readLink({ href, type }: JsonObject, path: string): RawValue {
  if (typeof href !== 'string' || href === '')
    throw refused([{ path: `${path}/href`, message: 'must be a URI' }]);
  if (type !== undefined && typeof type !== 'string')
    throw refused([{ path: `${path}/type`, message: 'must be a media type' }]);
  return { value: undefined, path, href, ...(type && { mediaType: type }) };
}

function readBase64(value: unknown, path: string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
  // Node reads base64 leniently; what comes out again must be what went in, but for padding and line ends.
  const plain = (text: string): string => text.replaceAll(/[\s=]/g, '');
  if (bytes && bytes.toString('base64').replaceAll('=', '') === plain(value as string)) return bytes;
  throw refused([{ path: `${path}/value`, message: 'must be base64' }]);
}
