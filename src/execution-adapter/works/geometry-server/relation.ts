import { type Geos, type Pointer, relates } from '../../../geometry-codecs/worker.js';
import { AppError } from '../../../shared/app-error.js';
import { fault, type GeometryRequest } from './geometry-request.js';
import { type GeometryOperation, prepared } from './operation.js';

type Both = [Pointer, Pointer];
type Holds = (geos: Geos, both: Both) => boolean;

/** More pairs than this are no answer that a client could use. */
const MOST_PAIRS = 1_000_000;
const PATTERN = /^[TF*012]{9}$/i;

const named =
  (name: string): Holds =>
  (geos, both) =>
    geos.ask(name, ...both);
const like =
  (pattern: string): Holds =>
  (geos, both) =>
    relates(geos, both, pattern);

/** Whether lines, or the outlines of areas, have a stretch in common. */
const shareLine: Holds = (geos, [a, b]) => {
  const [one, other] = [linesOf(geos, a), linesOf(geos, b)];
  return one !== null && other !== null && relates(geos, [one, other], '1********');
};

const HOLDS: Record<string, Holds> = {
  Cross: named('Crosses'),
  Disjoint: named('Disjoint'),
  /** As Within, but lying on the border alone is enough. */
  In: named('CoveredBy'),
  InteriorIntersection: like('T********'),
  Intersection: named('Intersects'),
  LineCoincidence: shareLine,
  LineTouch: (geos, both) => geos.ask('Touches', ...both) && shareLine(geos, both),
  Overlap: named('Overlaps'),
  PointTouch: (geos, both) => geos.ask('Touches', ...both) && !shareLine(geos, both),
  Touch: named('Touches'),
  Within: named('Within'),
};
const PREFIX = 'esriGeometryRelation';
const NAMES = [...Object.keys(HOLDS), 'Relation'].map((name) => PREFIX + name);

/** The pairs of which one geometry stands in a relation to the other. */
export const relation: GeometryOperation = ({ request, geos }) => {
  request.requiredCrs('sr');
  const holds = holdsOf(request);
  const [ones, others] = ['geometries1', 'geometries2'].map((name) =>
    request.shapes(name).geometries.map((one) => prepared(geos, one)),
  ) as [(Pointer | null)[], (Pointer | null)[]];
  const relations: { geometry1Index: number; geometry2Index: number }[] = [];
  ones.forEach((one, geometry1Index) =>
    others.forEach((other, geometry2Index) => {
      if (!one || !other || !geos.arena(() => holds(geos, [one, other]))) return;
      relations.push({ geometry1Index, geometry2Index });
      if (relations.length > MOST_PAIRS)
        throw new AppError('too-large', 'too-many-pairs', `More than ${MOST_PAIRS} pairs are related.`);
    }),
  );
  return { relations };
};

function holdsOf(request: GeometryRequest): Holds {
  const name = request.oneOf('relation', NAMES, `${PREFIX}Intersection`);
  if (name !== `${PREFIX}Relation`) return HOLDS[name.slice(PREFIX.length)]!;
  const pattern = request.text('relationParam')?.trim();
  if (pattern === undefined) throw request.missing('relationParam');
  if (!PATTERN.test(pattern)) throw fault('relationParam', 'must be nine of the characters T, F, *, 0, 1, 2');
  return like(pattern.toUpperCase());
}

/** Lines as they are, areas as their outlines; null for points. */
function linesOf(geos: Geos, geometry: Pointer): Pointer | null {
  const type = geos.read(geometry)?.type ?? 'Point';
  if (type.endsWith('Point')) return null;
  return type.endsWith('LineString') ? geometry : geos.shapes.boundary(geometry);
}
