import geodesic from 'geographiclib-geodesic';
import type { Geometry, Position } from 'geojson';
import { withoutSeams } from './seams.js';
import { shapesOf } from './shapes.js';

const { WGS84 } = geodesic.Geodesic;
/** Square metres of the whole ellipsoid. */
const WHOLE = 510_065_621_724_088.5;
/** The shortest way along an edge of that many degrees of longitude leads round the other side: it is cut. */
const ROUND_THE_OTHER_SIDE = 180;
const PART_OF_EDGE = 90;

export interface Measure {
  area: number;
  /** Of lines. */
  length: number;
  /** Of areas. */
  perimeter: number;
}

/**
 * Square metres and metres on the WGS 84 ellipsoid by GeographicLib, edges taken as geodesics. What a cut at the
 * antimeridian or at a pole adds to an outline is no part of the perimeter.
 */
export function measureOnGround(geometry: Geometry): Measure {
  const { lines, areas } = shapesOf(geometry);
  const outlines = withoutSeams(areas).areas.flatMap(({ outline }) => outline);
  return {
    area: sum(areas, ({ rings: [shell, ...holes] }) => ringArea(shell!) - sum(holes, ringArea)),
    length: sum(lines, lineLength),
    perimeter: sum(outlines, lineLength),
  };
}

/** Metres between two positions of longitude and latitude. */
export const groundDistance = ([lon1, lat1]: Position, [lon2, lat2]: Position): number =>
  WGS84.Inverse(lat1!, lon1!, lat2!, lon2!, geodesic.Geodesic.DISTANCE).s12!;

function lineLength(line: Position[]): number {
  let length = 0;
  walk(line, (from, to) => (length += groundDistance(from, to)));
  return length;
}

function ringArea(ring: Position[]): number {
  const polygon = WGS84.Polygon(false);
  walk(ring, (from) => polygon.AddPoint(from[1]!, from[0]!));
  const area = Math.abs(polygon.Compute(false, true).area!);
  return coversMostOfTheWorld(ring) ? WHOLE - area : area;
}

/** GeographicLib takes the smaller side of a ring; the inside, as the ring is drawn, may be the larger. */
function coversMostOfTheWorld(ring: Position[]): boolean {
  // In an equal-area cylinder: twice the ring's area by the trapezium rule, against half of the whole.
  let twice = 0;
  walk(ring, (from, to) => {
    const [a, b] = [Math.sin((from[1]! * Math.PI) / 180), Math.sin((to[1]! * Math.PI) / 180)];
    twice += (to[0]! - from[0]!) * (a + b);
  });
  return Math.abs(twice) / 2 > 360;
}

/** Every edge, in parts where it is meant to go the long way. */
function walk(line: Position[], visit: (from: Position, to: Position) => void): void {
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const wide = Math.abs(to[0]! - from[0]!);
    const parts = wide < ROUND_THE_OTHER_SIDE ? 1 : Math.ceil(wide / PART_OF_EDGE);
    let start = from;
    for (let part = 1; part <= parts; part++) {
      const t = part / parts;
      const end =
        part === parts ? to : [from[0]! + (to[0]! - from[0]!) * t, from[1]! + (to[1]! - from[1]!) * t];
      visit(start, end);
      start = end;
    }
  }
}

const sum = <T>(items: T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
