import type { Position } from 'geojson';
import type { Area } from './shapes.js';

type Interval = [from: number, to: number];

/**
 * Areas cut at the antimeridian have edges there that are no borders on the globe, and areas that hold a pole have
 * edges along its latitude, which is a single point. Such edges are taken out of the outlines. An edge on the
 * antimeridian counts as a cut only as far as an area lies on its other side.
 */
export function withoutSeams(areas: Area[]): { areas: Area[]; hadSeams: boolean } {
  const east: Interval[] = [];
  const west: Interval[] = [];
  const open = areas.map((area) => ({
    rings: area.rings,
    outline: area.outline.flatMap((ring) => openRing(ring, east, west)),
  }));
  if (
    open.every(
      ({ outline }, index) =>
        outline.length === areas[index]!.outline.length &&
        outline.every((line, i) => line === areas[index]!.outline[i]),
    )
  ) {
    return { areas, hadSeams: false };
  }
  const borders = [
    ...subtract(east, west).map((interval) => edge(180, interval)),
    ...subtract(west, east).map((interval) => edge(-180, interval)),
  ];
  open[0]!.outline.push(...borders);
  return { areas: open, hadSeams: true };
}

const edge = (lon: number, [from, to]: Interval): Position[] => [
  [lon, from],
  [lon, to],
];

/** The ring as lines without its seam edges; those on the antimeridian are noted. The same ring if it has none. */
function openRing(ring: Position[], east: Interval[], west: Interval[]): Position[][] {
  const lines: Position[][] = [];
  let line: Position[] = [ring[0]!];
  for (let i = 1; i < ring.length; i++) {
    const [from, to] = [ring[i - 1]!, ring[i]!];
    const onMeridian = Math.abs(from[0]!) === 180 && from[0] === to[0];
    const onPole = Math.abs(from[1]!) === 90 && from[1] === to[1];
    if (!onMeridian && !onPole) {
      line.push(to);
      continue;
    }
    if (onMeridian)
      (from[0] === 180 ? east : west).push([Math.min(from[1]!, to[1]!), Math.max(from[1]!, to[1]!)]);
    if (line.length > 1) lines.push(line);
    line = [to];
  }
  if (lines.length === 0 && line.length === ring.length) return [ring];
  if (line.length > 1) lines.push(line);
  return lines;
}

/** What of these intervals the others do not cover. */
function subtract(intervals: Interval[], others: Interval[]): Interval[] {
  return others.reduce<Interval[]>(
    (rest, [low, high]) =>
      rest.flatMap(([from, to]): Interval[] => {
        if (high <= from || low >= to) return [[from, to]];
        const pieces: Interval[] = [];
        if (from < low) pieces.push([from, low]);
        if (high < to) pieces.push([high, to]);
        return pieces;
      }),
    intervals,
  );
}
