import type { Geometry, Position } from 'geojson';
import { type FeatureRecord, type Geos, mapPositions } from '../../../geometry-codecs/worker.js';
import type { OperationContext } from '../operations/operation.js';
import { nameOf, tell } from '../operations/preparation.js';
import { simplestForm } from '../simplest-form.js';

class Collapsed extends Error {}

/**
 * Features with coordinates of so many decimals. What was valid stays so: where plain rounding would break a geometry,
 * GEOS redraws it on the grid, and what collapses there becomes null. What was invalid before is rounded as it is.
 */
export function rounded(
  context: Pick<OperationContext, 'geos' | 'messages'>,
  features: FeatureRecord[],
  decimals: number,
): FeatureRecord[] {
  const { geos } = context;
  const redrawn: string[] = [];
  const vanished: string[] = [];
  const result = features.map((feature, index): FeatureRecord => {
    if (!feature.geometry) return feature;
    const { geometry } = feature;
    const plain = mapPositions(geometry, (position) =>
      position.map((value) => Number(value.toFixed(decimals))),
    );
    return geos.arena(() => {
      const kept = keptWhole(geos, geometry, plain);
      if (kept) return { ...feature, geometry: kept };
      const onGrid = geos.read(geos.orient(geos.shapes.snapToGrid(geos.write(geometry), 10 ** -decimals)));
      (onGrid ? redrawn : vanished).push(nameOf(feature, index));
      return { ...feature, geometry: onGrid && simplestForm(roundedAgain(onGrid, decimals)) };
    });
  });
  tell(context, redrawn, 'features were redrawn, so that rounding leaves them valid');
  tell(context, vanished, 'features are smaller than the rounding and have nothing left');
  return result;
}

/** The grid of GEOS is that of the decimals but for the last bit. */
const roundedAgain = (geometry: Geometry, decimals: number): Geometry =>
  mapPositions(geometry, (position) => position.map((value) => Number(value.toFixed(decimals))));

/** The plainly rounded geometry, if it is no worse than the original. */
function keptWhole(geos: Geos, original: Geometry, plain: Geometry): Geometry | undefined {
  if (original.type === 'Point' || original.type === 'MultiPoint') return plain;
  const wasValid = geos.isValid(geos.write(original));
  try {
    const clean = withoutRepeats(plain);
    return !wasValid || geos.isValid(geos.write(clean)) ? clean : undefined;
  } catch (error) {
    if (!(error instanceof Collapsed)) throw error;
    return wasValid ? undefined : plain;
  }
}

/** Throws Collapsed where a line or ring has too few positions left. */
function withoutRepeats(geometry: Geometry): Geometry {
  const thin = (positions: Position[], atLeast: number): Position[] => {
    const kept = positions.filter(
      ([x, y], i) => i === 0 || x !== positions[i - 1]![0] || y !== positions[i - 1]![1],
    );
    if (kept.length < atLeast) throw new Collapsed();
    return kept;
  };
  const rings = (all: Position[][]): Position[][] => all.map((ring) => thin(ring, 4));
  switch (geometry.type) {
    case 'LineString':
      return { type: geometry.type, coordinates: thin(geometry.coordinates, 2) };
    case 'MultiLineString':
      return { type: geometry.type, coordinates: geometry.coordinates.map((line) => thin(line, 2)) };
    case 'Polygon':
      return { type: geometry.type, coordinates: rings(geometry.coordinates) };
    case 'MultiPolygon':
      return { type: geometry.type, coordinates: geometry.coordinates.map(rings) };
    case 'GeometryCollection':
      return { type: geometry.type, geometries: geometry.geometries.map(withoutRepeats) };
    case 'Point':
    case 'MultiPoint':
      return geometry;
  }
}
