import { Delaunay } from 'd3-delaunay';
import type { Geometry, Position } from 'geojson';
import { type Bounds, type FeatureRecord, PreparedOther } from '../../../geometry-codecs/worker.js';
import { boundsOf } from '../bounds.js';
import { cellsOf } from '../tessellation/cells.js';
import { boundsOfSites, inLine, type Site, sitesOf } from '../tessellation/sites.js';
import { ofDimension, simplestForm } from '../simplest-form.js';
import type { Operation, OperationContext } from './operation.js';
import { requireSameCrs, together } from './overlay-layer.js';
import { Preparation } from './preparation.js';

/** By this part of their extent the frame of the cells is larger than the points. */
const MARGIN = 0.1;

/** For each different point the area that is nearer to it than to any other, with the attributes of its feature. */
export const voronoi: Operation = (context) => {
  const { expression, geos, progress } = context;
  const { features, crs } = expression.features('features');
  const sites = differentPlaces(context, features);
  if (sites.length === 0) return { result: { features: [], crs } };
  const result = geos.arena(() => {
    const extent = extentOf(context);
    const frame = frameAround(sites, extent?.bounds);
    progress(10, 'Drawing cells');
    return cellsOf(sites, frame).flatMap((ring, at): FeatureRecord[] => {
      if (!ring) return [];
      progress(20 + (at / sites.length) * 80, `Cutting cell ${at + 1} of ${sites.length}`);
      const geometry = geos.arena(() => {
        const cell: Geometry = { type: 'Polygon', coordinates: [ring] };
        if (!extent) return geos.read(geos.orient(geos.write(cell)));
        return extent.cut(cell);
      });
      return geometry ? [{ ...sites[at]!.feature, geometry }] : [];
    });
  });
  return { result: { features: result, crs } };
};

/** Triangles between points such that no point lies in the circle through the corners of any. */
export const delaunay: Operation = (context) => {
  const { expression, messages } = context;
  const { features, crs } = expression.features('features');
  const sites = differentPlaces(context, features);
  if (sites.length < 3 || inLine(sites)) {
    messages.push({
      level: 'warning',
      text: 'Points that are fewer than three, or all in a line, have no triangles',
    });
    return { result: { features: [], crs } };
  }
  const [west, south] = boundsOfSites(sites);
  // About the corner, and scaled by a power of two, so that the digits of small differences count.
  const scale = 2 ** 20;
  const flat = Float64Array.from(
    sites.flatMap(({ position: [x, y] }) => [(x! - west) * scale, (y! - south) * scale]),
  );
  const { triangles } = new Delaunay(flat);
  const result: FeatureRecord[] = [];
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [2, 1, 0].map((i) => sites[triangles[at + i]!]!);
    const ring = [...corners, corners[0]!].map(({ position }) => position);
    const [point_a, point_b, point_c] = corners.map(({ feature, index }) => feature.id ?? index);
    result.push({ properties: { point_a, point_b, point_c }, geometry: counterClockwise(ring) });
  }
  return { result: { features: result, crs } };
};

function differentPlaces({ messages }: OperationContext, features: FeatureRecord[]): Site[] {
  const { sites, doubled } = sitesOf(features);
  if (doubled > 0)
    messages.push({
      level: 'warning',
      text: `${doubled} points lie where another one does and were left out`,
    });
  return sites;
}

interface Extent {
  bounds: Bounds;
  cut(cell: Geometry): Geometry | null;
}

/** The areas the cells are to be cut to, if the request gives any. */
function extentOf(context: OperationContext): Extent | undefined {
  const { expression, geos } = context;
  const given = expression.optionalFeatures('extent');
  if (!given) return undefined;
  requireSameCrs(['features', expression.features('features')], ['extent', given]);
  const preparation = new Preparation(context, 'extent');
  const areas = given.features.flatMap(
    (feature, index) => preparation.prepare(feature, index)?.pointer ?? [],
  );
  preparation.report();
  if (areas.length === 0) return undefined;
  const whole = together(context, areas);
  const test = new PreparedOther(geos, whole);
  return {
    bounds: boundsOf(geos.read(whole)!),
    cut: (cell) => {
      const pointer = geos.write(cell);
      if (test.covers(pointer)) return geos.read(geos.orient(pointer));
      const common = geos.read(geos.orient(geos.intersection(pointer, whole)));
      const kept = common && ofDimension(common, cell);
      return kept && simplestForm(kept);
    },
  };
}

function frameAround(sites: Site[], extent?: Bounds): Bounds {
  const [west, south, east, north] = boundsOfSites(sites);
  if (extent) {
    const [w, s, e, n] = extent;
    return [Math.min(w, west), Math.min(s, south), Math.max(e, east), Math.max(n, north)];
  }
  // A point, or points in a line along an axis, get a frame all the same.
  const margin = Math.max(east - west, north - south) * MARGIN || 1;
  return [west - margin, south - margin, east + margin, north + margin];
}

function counterClockwise(ring: Position[]): Geometry {
  const [[ax, ay], [bx, by], [cx, cy]] = ring as [Position, Position, Position];
  const turn = (bx! - ax!) * (cy! - ay!) - (by! - ay!) * (cx! - ax!);
  return { type: 'Polygon', coordinates: [turn >= 0 ? ring : ring.reverse()] };
}
