import { Delaunay } from 'd3-delaunay';
import type { Position } from 'geojson';
import type { Bounds } from '../../../geometry-codecs/worker.js';
import { inLine, type Site } from './sites.js';

/** d3-delaunay has limits in absolute numbers, so everything is brought to about this size first. */
const SIZE = 2 ** 20;

/**
 * For each site the part of the frame that is nearer to it than to any other, as a closed ring; undefined where the
 * frame holds none of it.
 */
export function cellsOf(sites: Site[], frame: Bounds): (Position[] | undefined)[] {
  const line = inLine(sites);
  if (line) {
    const strips = new Map(line.map((site, at) => [site, strip(line, at, frame)]));
    return sites.map((site) => strips.get(site));
  }
  const [west, south, east, north] = frame;
  const [x0, y0] = [(west + east) / 2, (south + north) / 2];
  const scale = 2 ** Math.round(Math.log2(SIZE / Math.max(east - west, north - south)));
  const coordinates = new Float64Array(sites.length * 2);
  sites.forEach(({ position: [x, y] }, at) => {
    coordinates[2 * at] = (x! - x0) * scale;
    coordinates[2 * at + 1] = (y! - y0) * scale;
  });
  const voronoi = new Delaunay(coordinates).voronoi([
    (west - x0) * scale,
    (south - y0) * scale,
    (east - x0) * scale,
    (north - y0) * scale,
  ]);
  return sites.map((_, at) => {
    const cell = voronoi.cellPolygon(at) as Position[] | null;
    return cell ? cell.map(([x, y]) => [x! / scale + x0, y! / scale + y0]) : undefined;
  });
}

/** Of sites in a line, the strip of the frame between the bisectors to the neighbours. */
function strip(line: Site[], at: number, [west, south, east, north]: Bounds): Position[] | undefined {
  const here = line[at]!.position;
  let ring: Position[] = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ];
  for (const neighbour of [line[at - 1], line[at + 1]]) {
    if (neighbour) ring = nearerHalf(ring, here, neighbour.position);
  }
  return ring.length < 3 ? undefined : [...ring, ring[0]!];
}

/** The part of a convex ring that is nearer to one place than to another. */
function nearerHalf(ring: Position[], [hx, hy]: Position, [ox, oy]: Position): Position[] {
  const [mx, my] = [(hx! + ox!) / 2, (hy! + oy!) / 2];
  const side = ([x, y]: Position): number => (x! - mx) * (hx! - ox!) + (y! - my) * (hy! - oy!);
  return ring.flatMap((to, i): Position[] => {
    const from = ring[(i + ring.length - 1) % ring.length]!;
    const [a, b] = [side(from), side(to)];
    const crossing = a > 0 !== b > 0 && a !== b;
    const t = a / (a - b);
    const cut: Position[] = crossing
      ? [[from[0]! + (to[0]! - from[0]!) * t, from[1]! + (to[1]! - from[1]!) * t]]
      : [];
    return b > 0 ? [...cut, to] : cut;
  });
}
