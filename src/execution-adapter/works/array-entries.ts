import {
  type ArrayHead,
  type ArrayParameters,
  FEWEST_ENTRIES,
  framed,
  MOST_ENTRIES,
} from '../../execution/worker.js';
import type { ReceivedBody, Work } from '../../execution/index.js';
import { AppError, type Fault } from '../../shared/app-error.js';
import { isObject, type JsonObject } from '../envelopes/json-object.js';
import { readSubscriber } from '../envelopes/ogc-processes.js';
import { readForm } from '../forms/read-form.js';
import { plainName } from '../parameter-names.js';

const LONGEST_LABEL = 200;

/** What a request for an array says, whichever protocol it came by. */
interface ArrayRequest {
  array: unknown;
  maxFailures: unknown;
  subscriber?: ArrayHead['subscriber'];
  /** The body of one run, with what is its own. */
  bodyOf(own: JsonObject): JsonObject;
}

/**
 * Takes a request for an array apart into the requests of its entries: each is what all have in common, with its own
 * inputs added or put in their place. Throws AppError `invalid-input`, and `too-large` where that is more than `maxBytes`.
 */
export const arrayEntries: Work<unknown> = ({ source, parameters, maxBytes, json }) => {
  const { surface, mediaType } = parameters as ArrayParameters;
  const read = surface === 'geoservices' ? readGeoservices : readOgc;
  const { array, maxFailures, subscriber, bodyOf } = read({ bytes: source, mediaType, json });
  if (!Array.isArray(array)) throw refused([{ path: '/array', message: 'must be a list of inputs' }]);
  if (array.length < FEWEST_ENTRIES || array.length > MOST_ENTRIES)
    throw refused([
      {
        path: '/array',
        message: `must have ${FEWEST_ENTRIES} to ${MOST_ENTRIES} entries, not ${array.length}`,
      },
    ]);
  const most = readMaxFailures(maxFailures);
  const entries: ArrayHead['entries'] = [];
  const bodies: Buffer[] = [];
  let left = maxBytes;
  for (const [index, entry] of array.entries()) {
    const { label, inputs } = readEntry(entry, `/array/${index}`);
    const body = Buffer.from(JSON.stringify(bodyOf(inputs)));
    left -= body.length;
    if (left < 0) throw tooLarge(maxBytes);
    bodies.push(body);
    entries.push({ ...(label !== undefined && { label }), size: body.length });
  }
  const head: ArrayHead = {
    entries,
    mediaType: 'application/json',
    ...(most !== undefined && { maxFailures: most }),
    ...(subscriber && { subscriber }),
  };
  return framed(head, bodies);
};

function readOgc({ json }: ReceivedBody): ArrayRequest {
  const body = json() as JsonObject; // it was read before, and found to ask for an array
  const { array, maxFailures, subscriber, inputs: common = {}, ...rest } = body;
  if (!isObject(common)) throw refused([{ path: '/inputs', message: 'must be an object of inputs' }]);
  const faults: Fault[] = [];
  const told = readSubscriber(subscriber, faults);
  if (faults.length > 0) throw refused(faults);
  return {
    array,
    maxFailures,
    subscriber: told,
    bodyOf: (own) => ({ ...rest, inputs: { ...common, ...own } }),
  };
}

/** Names of parameters are the same in any case. */
function readGeoservices(received: ReceivedBody): ArrayRequest {
  const fields = readForm(received);
  const taken = (name: string): unknown => {
    const field = fields.get(name);
    fields.delete(name);
    if (!field) return undefined;
    return 'text' in field ? received.json(Buffer.from(field.text)) : field.value;
  };
  const [array, maxFailures] = [taken('array'), taken('maxfailures')];
  const common = [...fields].map(
    ([name, field]) => [name, 'text' in field ? field.text : field.value] as const,
  );
  const bodyOf = (own: JsonObject): JsonObject => {
    const names = new Set(Object.keys(own).map(plainName));
    return { ...Object.fromEntries(common.filter(([name]) => !names.has(plainName(name)))), ...own };
  };
  return { array, maxFailures, bodyOf };
}

function readEntry(entry: unknown, path: string): { label?: string; inputs: JsonObject } {
  if (!isObject(entry)) throw refused([{ path, message: 'must be an object with inputs' }]);
  const { label, inputs = {}, ...more } = entry;
  const faults: Fault[] = Object.keys(more).map((name) => ({
    path: `${path}/${name.slice(0, 80)}`,
    message: 'is neither label nor inputs',
  }));
  if (label !== undefined && (typeof label !== 'string' || label === '' || label.length > LONGEST_LABEL))
    faults.push({ path: `${path}/label`, message: `must be a text of 1 to ${LONGEST_LABEL} characters` });
  if (!isObject(inputs)) faults.push({ path: `${path}/inputs`, message: 'must be an object of inputs' });
  if (faults.length > 0) throw refused(faults);
  return { ...(typeof label === 'string' && { label }), inputs: inputs as JsonObject };
}

function readMaxFailures(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_ENTRIES)
    return value;
  throw refused([{ path: '/maxFailures', message: `must be a whole number from 0 to ${MOST_ENTRIES}` }]);
}

const refused = (faults: Fault[]): AppError =>
  new AppError('invalid-input', 'invalid-input', `${faults[0]!.path}: ${faults[0]!.message}`, { faults });

const tooLarge = (maxBytes: number): AppError =>
  new AppError(
    'too-large',
    'array-too-large',
    `The requests of an array may have ${maxBytes} bytes together: upload what they have in common, and name it.`,
  );
