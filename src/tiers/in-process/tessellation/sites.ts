import type { Position } from 'geojson';
import type { Bounds, FeatureRecord } from '../../../geometry-codecs/worker.js';
import { shapesOf } from '../geodesic/shapes.js';

/** A place where one or more points of the input lie. */
export interface Site {
  position: Position;
  /** The first feature that has a point there. */
  feature: FeatureRecord;
  index: number;
}

/** The different places of point features, in the order of the input, and how many points were on one already. */
export function sitesOf(features: FeatureRecord[]): { sites: Site[]; doubled: number } {
  const sites = new Map<string, Site>();
  let doubled = 0;
  features.forEach((feature, index) => {
    for (const position of feature.geometry ? shapesOf(feature.geometry).points : []) {
      const [x, y] = [position[0]! + 0, position[1]! + 0];
      const key = `${x} ${y}`;
      if (sites.has(key)) doubled++;
      else sites.set(key, { position: [x, y], feature, index });
    }
  });
  return { sites: [...sites.values()], doubled };
}

export function boundsOfSites(sites: Site[]): Bounds {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const {
    position: [x, y],
  } of sites) {
    bounds[0] = Math.min(bounds[0], x!);
    bounds[1] = Math.min(bounds[1], y!);
    bounds[2] = Math.max(bounds[2], x!);
    bounds[3] = Math.max(bounds[3], y!);
  }
  return bounds;
}

/** Less than this part of their extent off a line counts as on it. */
const FLAT = 1e-12;

/** The sites in their order along a line, if all of them lie on one. */
export function inLine(sites: Site[]): Site[] | undefined {
  const start = sites[0]!.position;
  const far = sites.reduce((a, b) =>
    squared(start, b.position) > squared(start, a.position) ? b : a,
  ).position;
  const [dx, dy] = [far[0]! - start[0]!, far[1]! - start[1]!];
  const length = dx * dx + dy * dy;
  const across = ({ position: [x, y] }: Site): number => (x! - start[0]!) * dy - (y! - start[1]!) * dx;
  if (sites.some((site) => Math.abs(across(site)) > FLAT * length)) return undefined;
  const along = ({ position: [x, y] }: Site): number => (x! - start[0]!) * dx + (y! - start[1]!) * dy;
  return [...sites].sort((a, b) => along(a) - along(b));
}

const squared = (a: Position, b: Position): number => (a[0]! - b[0]!) ** 2 + (a[1]! - b[1]!) ** 2;
