import type { InputSummary, RequestOptions, Work, WorkContext } from '../../../execution/index.js';
import { type Crs, type FeatureSet, type Geos, WkbWriter } from '../../../geometry-codecs/worker.js';
import type { InputDefinition, ProcessExpression } from '../../../registry/worker.js';
import { AppError } from '../../../shared/app-error.js';
import { framed } from '../../../execution/worker.js';
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
  plain(): { crs?: Crs; scalars: Record<string, unknown> };
};

const WGS84_SRID = 4326;

/** A request in the form in which its parts are bound to statements: the main thread looks at nothing but the head. */
export const postgisInput =
  (read: ReadRequest): Work<Geos> =>
  (context) => {
    const parameters = context.parameters as ReadParameters;
    const { expression, options, output, plain } = read(context, parameters);
    const { crs, scalars } = plain();
    const inputs: StagedInput[] = [];
    const parts: Buffer[] = [];
    let left = context.maxBytes;
    for (const [name, { type, invalidGeometry }] of Object.entries(parameters.definition.inputs)) {
      const set = type === 'features' ? expression.optionalFeatures(name) : undefined;
      if (!set) continue;
      const text = set.inPlace ? Buffer.alloc(0) : rowsOf(set, left);
      left -= text.length;
      inputs.push({
        name,
        size: text.length,
        srid: sridOf(set.crs),
        policy: policyOf(parameters.definition, invalidGeometry),
        ...(set.inPlace && { table: set.inPlace.href }),
      });
      parts.push(text);
    }
    const request = { ...scalars, ...(crs && factsOf(crs)) };
    const head: ReadHead = { options, request, inputs, crs: crs?.name ?? 'OGC:CRS84', output };
    return framed(head, parts);
  };

/** A handler may have areas that are none (a spike) taken as lines, as the operation of tier 1 takes them. */
const policyOf = (
  { handlers }: ReadParameters['definition'],
  policy: InputDefinition['invalidGeometry'],
): StagedInput['policy'] =>
  policy === 'repair' && handlers.postgis?.keepCollapsed === true ? 'repair-to-lines' : policy;

/** What a procedure may have to know of the coordinate system. */
const factsOf = ({ geographic, metersPerUnit }: Crs): Record<string, unknown> => ({
  $geographic: geographic,
  ...(!geographic && { $metersPerUnit: metersPerUnit }),
});

const sridOf = ({ name }: Crs): number =>
  name.startsWith('EPSG:') ? Number(name.slice('EPSG:'.length)) : WGS84_SRID;

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
