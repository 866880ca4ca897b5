import type { InputSummary, RequestOptions, Work, WorkContext } from '../../../execution/index.js';
import { type Crs, type FeatureSet, findCrs, type Geos, WkbWriter } from '../../../geometry-codecs/worker.js';
import type { InputDefinition, ProcessExpression } from '../../../registry/worker.js';
import { AppError } from '../../../shared/app-error.js';
import { framed } from '../framed.js';
import type { ReadHead, ReadParameters, StagedInput } from '../thread-protocol.js';

/** Reads and checks a request as tier 1 does; given by whoever composes the thread. */
type ReadRequest = (
  context: WorkContext<Geos>,
  request: ReadParameters,
) => {
  expression: ProcessExpression<FeatureSet>;
  options: RequestOptions;
  summary: InputSummary;
  output: ReadHead['output'];
};

const WGS84_SRID = 4326;

/** A request in the form in which its parts are bound to statements: the main thread looks at nothing but the head. */
export const postgisInput =
  (read: ReadRequest): Work<Geos> =>
  (context) => {
    const parameters = context.parameters as ReadParameters;
    const { expression, options, output } = read(context, parameters);
    const inputs: StagedInput[] = [];
    const parts: Buffer[] = [];
    let crs: Crs | undefined;
    let left = context.maxBytes;
    for (const [name, { type, invalidGeometry }] of Object.entries(parameters.definition.inputs)) {
      const set = type === 'features' ? expression.optionalFeatures(name) : undefined;
      if (!set) continue;
      if (crs && crs.name !== set.crs.name) throw otherCrs(name, set.crs, crs);
      crs ??= set.crs;
      const text = set.inPlace ? Buffer.alloc(0) : rowsOf(set, left);
      left -= text.length;
      inputs.push({
        name,
        size: text.length,
        srid: sridOf(set.crs),
        policy: invalidGeometry,
        ...(set.inPlace && { table: set.inPlace.href }),
      });
      parts.push(text);
    }
    crs = systemWithBoxes(expression, parameters.definition.inputs, crs);
    const request = { ...scalarsOf(expression, parameters.definition.inputs, crs) };
    if (crs) request.$geographic = crs.geographic;
    const head: ReadHead = { options, request, inputs, crs: crs?.name ?? 'OGC:CRS84', output };
    return framed(head, parts);
  };

const sridOf = ({ name }: Crs): number =>
  name.startsWith('EPSG:') ? Number(name.slice('EPSG:'.length)) : WGS84_SRID;

/** The system of the features, which boxes must have too, or else that of the boxes. */
function systemWithBoxes(
  expression: ProcessExpression<FeatureSet>,
  inputs: Record<string, InputDefinition>,
  ofFeatures: Crs | undefined,
): Crs | undefined {
  let crs = ofFeatures;
  for (const [name, { type }] of Object.entries(inputs)) {
    const box = type === 'bbox' ? expression.boundingBox(name) : undefined;
    if (!box) continue;
    const own = systemOf(name, box.crs);
    if (crs && crs.proj !== own.proj) throw otherCrs(name, own, crs);
    crs ??= own;
  }
  return crs;
}

function systemOf(input: string, name: string): Crs {
  const crs = findCrs(name);
  if ('message' in crs) throw faulty(input, crs.message);
  return crs;
}

const otherCrs = (name: string, { name: theirs }: Crs, { name: ours }: Crs): AppError =>
  faulty(name, `is in ${theirs}, the others in ${ours}; send all in one coordinate system`);

function faulty(input: string, message: string): AppError {
  const path = `/inputs/${input}`;
  return new AppError('invalid-input', 'invalid-input', `${path}: ${message}`, {
    faults: [{ path, message }],
  });
}

/** [id, properties, geometry] of each: what is not geometry goes through the database as text that nobody reads. */
function rowsOf({ features }: FeatureSet, maxBytes: number): Buffer {
  const wkb = new WkbWriter();
  const rows: string[] = [];
  let size = 2;
  for (const { id, properties, geometry } of features) {
    const row = JSON.stringify([
      id === undefined ? null : JSON.stringify(id),
      properties === null ? null : JSON.stringify(properties),
      geometry && wkb.hex(geometry),
    ]);
    size += row.length + 1;
    if (size > maxBytes)
      throw new AppError(
        'unavailable',
        'too-large-for-postgis',
        'The features are more than PostGIS is sent.',
      );
    rows.push(row);
  }
  return Buffer.from(`[${rows.join(',')}]`);
}

/** Lengths become numbers: metres where the features are on the globe, else units of their system. */
function scalarsOf(
  expression: ProcessExpression<FeatureSet>,
  inputs: Record<string, InputDefinition>,
  crs: Crs | undefined,
): Record<string, unknown> {
  const scalars: Record<string, unknown> = {};
  for (const [name, { type, maxOccurs }] of Object.entries(inputs)) {
    if (type === 'features' || !expression.has(name)) continue;
    if (type === 'length') {
      const { value, unitGiven, meters } = expression.length(name);
      if (!crs || crs.geographic) scalars[name] = meters;
      else scalars[name] = unitGiven ? meters / crs.metersPerUnit : value;
    } else if (type === 'area') {
      const { value, unitGiven, squareMeters } = expression.area(name)!;
      if (!crs || crs.geographic) scalars[name] = squareMeters;
      else scalars[name] = unitGiven ? squareMeters / crs.metersPerUnit ** 2 : value;
    } else if (type === 'table') scalars[name] = expression.rows(name);
    else if (maxOccurs !== 1) scalars[name] = expression.texts(name);
    else if (type === 'bbox') scalars[name] = expression.boundingBox(name)!.bbox;
    else scalars[name] = expression.scalar(name);
  }
  return scalars;
}
