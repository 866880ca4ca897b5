import type { Position } from 'geojson';
import type { Geos, Pointer } from '../../../geometry-codecs/worker.js';

/** A ring on the globe, longitudes running on without jumps; `turns` is ±360 if it goes round a pole, else 0. */
export interface GlobeRing {
  positions: Position[];
  turns: number;
}

/** A ring round a pole encloses the pole: it is closed along two meridians and the pole's latitude. */
export function closeOverPole({ positions, turns }: GlobeRing, north: boolean): Position[] {
  if (turns === 0) return positions;
  const first = positions[0]!;
  const last = positions[positions.length - 1]!;
  const pole = north ? 90 : -90;
  return [...positions, [last[0]!, pole], [first[0]!, pole], first];
}

/** Whether a ring lies between -180 and 180 as it is. */
export const isInsideWorld = (ring: Position[]): boolean =>
  ring.every(([lon]) => lon! >= -180 && lon! <= 180);

/**
 * A polygon whose longitudes may run beyond ±180, cut at the antimeridian and brought back between -180 and 180
 * (RFC 7946 §3.1.9).
 */
export function cutAtAntimeridian(geos: Geos, rings: Position[][]): Pointer {
  if (rings.every(isInsideWorld)) return geos.polygon(rings);
  const longitudes = rings[0]!.map(([lon]) => lon!);
  const first = Math.floor((Math.min(...bounds(longitudes)) + 180) / 360);
  const last = Math.ceil((Math.max(...bounds(longitudes)) + 180) / 360) - 1;
  const pieces: Pointer[] = [];
  for (let world = first; world <= last; world++) {
    const shifted = geos.polygon(rings.map((ring) => ring.map(([lon, lat]) => [lon! - 360 * world, lat!])));
    pieces.push(geos.intersection(geos.valid(shifted), geos.polygon([WORLD])));
  }
  return pieces.length === 1 ? pieces[0]! : geos.unaryUnion(geos.collect(pieces));
}

const WORLD: Position[] = [
  [-180, -90],
  [180, -90],
  [180, 90],
  [-180, 90],
  [-180, -90],
];

/** Smallest and largest, without spreading a long list over a call. */
function bounds(values: number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
