import type { Position } from 'geojson';
import type { FeatureRecord, Geos, Pointer } from '../../../geometry-codecs/worker.js';
import { boundsOf } from '../bounds.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';
import { Preparation } from './preparation.js';

const DEFAULT_VERTICES = 256;
/** Where a hundred edges meet in one place, no halving makes them fewer. */
const MOST_HALVINGS = 50;

/**
 * Each feature in pieces with no more vertices than asked: a part with more is halved across the longer side of its box
 * until it has few enough. Pieces neither overlap nor leave gaps.
 */
export const subdivide: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const most = expression.number('maxVertices') ?? DEFAULT_VERTICES;
  const preparation = new Preparation(context, 'features');
  const result = eachFeature(context, features, 'Dividing', (feature, index): FeatureRecord[] => {
    const prepared = preparation.prepare(feature, index);
    if (!prepared) return [];
    const pieces = geos.parts(prepared.pointer).flatMap((part) => halved(geos, part, most));
    return pieces.map((pointer, piece) => ({
      properties: { ...feature.properties, source_feature: feature.id ?? index, piece },
      geometry: geos.read(geos.orient(pointer)),
    }));
  });
  preparation.report();
  return { result: { features: result.flat(), crs } };
};

/** The order is that of the tree of halves, the western or southern one first. */
function halved(geos: Geos, part: Pointer, most: number, halvings = 0): Pointer[] {
  if (halvings === MOST_HALVINGS || geos.shapes.vertices(part) <= most) return [part];
  const half = geos.polygon([firstHalf(geos, part)]);
  // What lies on the border itself is in the first half alone.
  const halves = [geos.intersection(part, half), geos.difference(part, half)];
  return halves
    .flatMap((one) => geos.parts(one).filter((piece) => geos.shapes.isLikewise(piece, part)))
    .flatMap((piece) => halved(geos, piece, most, halvings + 1));
}

function firstHalf(geos: Geos, part: Pointer): Position[] {
  const [west, south, east, north] = boundsOf(geos.read(part)!);
  const isWide = east - west > north - south;
  const [right, top] = isWide ? [(west + east) / 2, north] : [east, (south + north) / 2];
  return [
    [west, south],
    [right, south],
    [right, top],
    [west, top],
    [west, south],
  ];
}
