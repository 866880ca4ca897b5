import type { Envelope, ReceivedBody, RequestOptions, RunMessage } from '../../execution/index.js';
import { ArrayRequested } from '../../execution/worker.js';
import { EsriFault, readSpatialReference } from '../../geometry-codecs/worker.js';
import type { InputDefinition, ProcessDefinition, RawInput, RawValue } from '../../registry/worker.js';
import { AppError, type Fault } from '../../shared/app-error.js';
import { readForm } from '../forms/read-form.js';
import { inputNames, plainName, publishedNames } from '../parameter-names.js';
import {
  type Given,
  fileHref,
  layerNamed,
  type Reading,
  readSeveral,
  readValue,
  uploadHref,
} from './geoservices-values.js';
import { isObject } from './json-object.js';

/**
 * A GP request of GeoServices REST: a form (urlencoded or multipart) or a JSON object of parameters. Names may be in any
 * case; parameters that are none of the task's are for others and ignored; an empty one counts as not sent. Features
 * come in one system: `env:processSR`, else that of the first features. Throws AppError.
 */
export function readGeoservicesRequest(received: ReceivedBody, definition: ProcessDefinition): Envelope {
  const faults: Fault[] = [];
  const fields = readForm(received);
  const settings = new Settings(fields, received, faults);
  const given = matchParameters(fields, definition);
  if (fields.has('array') && !inputNames(definition).has('array')) throw new ArrayRequested();
  const json = (text: string): unknown => received.json(Buffer.from(text));
  const notes: RunMessage[] = [];
  const note = (text: string): void => {
    if (notes.every((one) => one.text !== text)) notes.push({ level: 'warning', text });
  };
  const reading: Reading = { json, crs: settings.crs('processSR'), note };
  const inputs: RawInput[] = [];
  for (const { id, name } of publishedNames(definition).inputs) {
    const input = definition.inputs[id]!;
    const parameter = given.get(id);
    if (parameter) inputs.push(...readParameter(parameter, { id, name, input, reading, faults }));
    else if (input.minOccurs > 0 && input.default === undefined)
      faults.push({ path: `/${name}`, message: 'is required' });
  }
  if (settings.wantsMeasures())
    note('The result has no measures (M): returnM has no effect, since they are not computed with.');
  // What uploads hold is read later, and may add to the notes.
  const options: RequestOptions = { response: 'raw', features: settings.featureStyle(), notes };
  if (faults.length > 0) throw refused(faults);
  return { inputs, options };
}

const refused = (faults: Fault[]): AppError =>
  new AppError('invalid-input', 'invalid-input', `${faults[0]!.path.slice(1)} ${faults[0]!.message}`, {
    faults,
  });

function matchParameters(fields: Map<string, Given>, definition: ProcessDefinition): Map<string, Given> {
  const given = new Map<string, Given>();
  const known = inputNames(definition);
  for (const [name, field] of fields) {
    const id = known.get(plainName(name));
    if (id !== undefined && !isEmpty(field)) given.set(id, field);
  }
  return given;
}

const isEmpty = (given: Given): boolean =>
  'text' in given
    ? given.text.trim() === ''
    : given.value === null || given.value === undefined || given.value === '';

function readParameter(
  given: Given,
  at: { id: string; name: string; input: InputDefinition; reading: Reading; faults: Fault[] },
): RawInput[] {
  const { id, name, input, reading, faults } = at;
  const path = `/${name}`;
  try {
    const several = input.maxOccurs !== 1 && input.type !== 'features';
    const values = (several ? readSeveral(given, reading) : [given]).map((one): RawValue => {
      const layer = input.type === 'features' ? layerNamed(one, reading) : undefined;
      if (layer !== undefined) return { value: undefined, path, href: layer };
      const file = input.type === 'file' ? fileHref(one, reading) : undefined;
      const href = file ?? uploadHref(one, reading);
      if (href === undefined) return { value: readValue(one, input, reading), path };
      const read = (value: unknown): unknown => readUploaded(value, { path, input, reading });
      return { value: undefined, path, href, read };
    });
    return [{ name: id, path, values }];
  } catch (error) {
    faults.push(...faultsOf(error, path));
    return [];
  }
}

/** What an upload holds, as if it had been sent with the request. */
function readUploaded(
  value: unknown,
  { path, input, reading }: { path: string; input: InputDefinition; reading: Reading },
): unknown {
  try {
    return readValue({ value }, input, reading);
  } catch (error) {
    throw refused(faultsOf(error, path));
  }
}

function faultsOf(error: unknown, path: string): Fault[] {
  if (error instanceof EsriFault) return [{ path: [path, ...error.path].join('/'), message: error.message }];
  if (error instanceof AppError && error.kind === 'invalid-input')
    return [{ path, message: error.faults[0]?.message ?? error.message }];
  throw error;
}

/** What a request says beside its parameters. */
class Settings {
  private readonly context: Record<string, unknown>;

  constructor(
    private readonly fields: Map<string, Given>,
    private readonly received: ReceivedBody,
    private readonly faults: Fault[],
  ) {
    this.context = this.readContext();
  }

  crs(name: 'outSR' | 'processSR'): Reading['crs'] {
    try {
      const own = this.plain(`env:${name.toLowerCase()}`);
      return readSpatialReference(own === undefined || own === '' ? this.context[name] : own);
    } catch (error) {
      if (!(error instanceof EsriFault)) throw error;
      this.faults.push({ path: `/env:${name}`, message: error.message });
      return undefined;
    }
  }

  wantsMeasures(): boolean {
    return this.flag('returnm');
  }

  /** Without outSR an answer is in the system that was computed in, which is that of the input. */
  featureStyle(): RequestOptions['features'] {
    const out = this.crs('outSR');
    return {
      ...(out && { crs: out.name }),
      heights: this.flag('returnz'),
      withLayer: this.flag('returnfeaturecollection'),
    };
  }

  private flag(name: string): boolean {
    const value = this.plain(name);
    return value === true || (typeof value === 'string' && /^\s*(?:true|1)\s*$/i.test(value));
  }

  private plain(name: string): unknown {
    const given = this.fields.get(name);
    if (!given) return undefined;
    return 'text' in given ? given.text : given.value;
  }

  private readContext(): Record<string, unknown> {
    const given = this.plain('context');
    if (given === undefined || given === null || given === '') return {};
    const value = typeof given === 'string' ? this.parse(given) : given;
    if (isObject(value)) return value;
    this.faults.push({ path: '/context', message: 'must be a JSON object' });
    return {};
  }

  private parse(text: string): unknown {
    try {
      return this.received.json(Buffer.from(text));
    } catch {
      return undefined;
    }
  }
}
