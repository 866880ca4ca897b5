import type { Geometry, Position } from 'geojson';
import {
  type FeatureRecord,
  type Geos,
  mapPositions,
  type Pointer,
} from '../../../geometry-codecs/worker.js';
import { largestScales } from '../geodesic/degree-lengths.js';
import { cutToWorld, runsBeyond } from '../geodesic/short-way.js';
import { simplestForm } from '../simplest-form.js';
import { asMeant } from './as-meant.js';
import { boundsOf } from '../bounds.js';
import { distanceIn } from './distance-in.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';
import { nameOf, Preparation, tell } from './preparation.js';

type Thinning = (pointer: Pointer, tolerance: number) => Pointer;

const TRIES = 4;

/**
 * Each feature with fewer vertices, none of the old ones farther than the tolerance from the new lines (near the
 * vertex where a ring begins, which GEOS may take away last, than twice the tolerance). On longitude and latitude the
 * tolerance is metres on the ground.
 */
export const simplify: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const tolerance = distanceIn(crs, expression.length('tolerance'));
  const thin: Thinning =
    expression.text('method') === 'douglas-peucker'
      ? (pointer, by) => geos.shapes.douglasPeucker(pointer, by)
      : (pointer, by) => geos.shapes.simplifyPreservingTopology(pointer, by);
  const preparation = new Preparation(context, 'features');
  const vanished: string[] = [];
  const result = eachFeature(context, features, 'Simplifying', (feature, index): FeatureRecord => {
    const prepared = preparation.prepare(crs.geographic ? asMeant(context, feature) : feature, index);
    if (!prepared) return { ...feature, geometry: null };
    const left = strictly(geos, tolerance, prepared.geometry, (by) =>
      crs.geographic
        ? thinnedOnGround(geos, prepared.geometry, (pointer) => thin(pointer, by))
        : geos.read(geos.orient(thin(prepared.pointer, by))),
    );
    if (!left && !geos.isEmpty(prepared.pointer)) vanished.push(nameOf(feature, index));
    return { ...feature, geometry: left && simplestForm(left) };
  });
  preparation.report();
  tell(context, vanished, 'features are smaller than the tolerance and have nothing left');
  return { result: { features: result, crs } };
};

/** Rarely, the engine lets a part run into another; then less is taken away, at last nothing. */
function strictly(
  geos: Geos,
  tolerance: number,
  geometry: Geometry,
  thin: (tolerance: number) => Geometry | null,
): Geometry | null {
  for (let by = tolerance, tries = 0; tries < TRIES; by /= 4, tries++) {
    const thinned = thin(by);
    if (!thinned || geos.isValid(geos.write(thinned))) return thinned;
  }
  return geometry;
}

/**
 * Thins each part in longitude and latitude stretched so that a unit is a metre where the part is widest; elsewhere it
 * is less than a metre, and the tolerance kept more strictly. If parts that were thinned apart come to overlap, all are
 * thinned together.
 */
export function thinnedOnGround(
  geos: Geos,
  geometry: Geometry,
  thin: (pointer: Pointer) => Pointer,
): Geometry | null {
  const parts = partsOf(geometry);
  const thinned = parts.map((part) => stretched(geos, part, thin)).filter((part) => part !== null);
  if (thinned.length === 0) return null;
  const apart = thinned.length === 1 ? thinned[0]! : joined(geometry, thinned);
  const clash = parts.length > 1 && !geos.isValid(geos.write(apart));
  const whole = clash ? stretched(geos, geometry, thin) : apart;
  if (!whole) return null;
  return runsBeyond(whole) ? cutToWorld(geos, whole) : geos.read(geos.orient(geos.write(whole)));
}

function stretched(geos: Geos, geometry: Geometry, thin: (pointer: Pointer) => Pointer): Geometry | null {
  const [, south, , north] = boundsOf(geometry);
  const { x, y } = largestScales([south, north]);
  // Vertices that stay are exactly the old ones.
  const known = new Map<string, Position>();
  const plane = mapPositions(geometry, (position) => {
    const moved = [position[0]! * x, position[1]! * y];
    known.set(moved.join(), position);
    return moved;
  });
  const left = geos.read(thin(geos.write(plane)));
  return left && mapPositions(left, (moved) => known.get(moved.join()) ?? [moved[0]! / x, moved[1]! / y]);
}

function partsOf(geometry: Geometry): Geometry[] {
  if (geometry.type === 'MultiLineString')
    return geometry.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }));
  if (geometry.type === 'MultiPolygon')
    return geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
  return [geometry];
}

function joined(model: Geometry, parts: Geometry[]): Geometry {
  if (model.type === 'MultiLineString') {
    const lines = parts.flatMap((part) => (part.type === 'LineString' ? [part.coordinates] : []));
    return { type: 'MultiLineString', coordinates: lines };
  }
  const polygons = parts.flatMap((part) =>
    part.type === 'Polygon' ? [part.coordinates] : part.type === 'MultiPolygon' ? part.coordinates : [],
  );
  return { type: 'MultiPolygon', coordinates: polygons };
}
