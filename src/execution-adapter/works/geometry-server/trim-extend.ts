import type { Position } from 'geojson';
import { fault, type GeometryRequest } from './geometry-request.js';
import { type Crossing, Guide } from './guide.js';
import { answerOf, type GeometryOperation, requireType } from './operation.js';
import { between, lineOfPaths, pathsOf, stretch } from './stretches.js';

/** Flags of `extendHow`; without any, both ends are extended, and new vertices added there. */
const FLAGS = { moveEnds: 1, keepAttributes: 2, emptyAttributes: 4, notAtStart: 8, notAtEnd: 16 };
const ALL_FLAGS = 31;

type How = Record<keyof typeof FLAGS, boolean>;

/**
 * Lines trimmed by a guide or extended to it. Of a path that crosses the guide, what lies at the left of the guide stays;
 * a path that does not goes on from its ends, straight on, to where it meets the guide. A line of which no path does
 * either is empty in the answer. In the plane of the coordinates.
 */
export const trimExtend: GeometryOperation = ({ request }) => {
  request.requiredCrs('sr');
  const { type, geometries } = request.shapes('polylines');
  if (geometries.some((one) => one !== null)) requireType('polylines', type, 'esriGeometryPolyline');
  const guide = guideOf(request);
  const how = extendHow(request);
  const fitted = geometries.map((one) => {
    const paths = one ? pathsOf(one).map((path) => fittedPath(path, guide, how)) : [];
    if (!one || paths.every(({ changed }) => !changed)) return null;
    return lineOfPaths(paths.flatMap(({ parts }) => parts));
  });
  return answerOf('esriGeometryPolyline', fitted);
};

function guideOf(request: GeometryRequest): Guide {
  const { type, geometry } = request.shape('trimExtendTo');
  requireType('trimExtendTo', type, 'esriGeometryPolyline');
  if (!geometry) throw request.missing('trimExtendTo');
  return new Guide(geometry);
}

function extendHow(request: GeometryRequest): How {
  const value = request.number('extendHow', 0);
  if (!Number.isInteger(value) || value < 0 || value > ALL_FLAGS)
    throw fault('extendHow', 'must be a sum of the flags 1, 2, 4, 8 and 16, or 0');
  const how = Object.fromEntries(
    Object.entries(FLAGS).map(([name, flag]) => [name, (value & flag) !== 0]),
  ) as How;
  if (how.keepAttributes && how.emptyAttributes)
    throw fault('extendHow', 'must not have both 2 and 4: attributes of new ends are kept or empty');
  return how;
}

function fittedPath(path: Position[], guide: Guide, how: How): { parts: Position[][]; changed: boolean } {
  const trimmed = trim(path, guide);
  if (trimmed) return { parts: trimmed, changed: true };
  const atEnd = how.notAtEnd ? undefined : extension(path.slice(-2), guide, how);
  const atStart = how.notAtStart ? undefined : extension(path.slice(0, 2).reverse(), guide, how);
  const inner = path.slice(
    atStart && how.moveEnds ? 1 : 0,
    atEnd && how.moveEnds ? path.length - 1 : path.length,
  );
  const whole = [...(atStart ? [atStart] : []), ...inner, ...(atEnd ? [atEnd] : [])];
  return { parts: [whole], changed: atStart !== undefined || atEnd !== undefined };
}

/** What lies at the left of the guide; undefined where the path lies on one side of it. */
function trim(path: Position[], guide: Guide): Position[][] | undefined {
  const crossings = guide.crossings(path);
  const end = path.length - 1;
  const places = [...new Set([0, ...crossings.map(({ at }) => at), end])];
  const pieces = places.slice(1).map((to, index) => ({ from: places[index]!, to }));
  const sides = pieces.map(({ from, to }) => isLeft(stretch(path, from, to), { from, to }, crossings, guide));
  const isCut = sides.includes(true) && sides.includes(false);
  if (!isCut) return undefined;
  // Where the guide is only touched, what lies on both sides of the touch stays one.
  const kept: { from: number; to: number }[] = [];
  pieces.forEach((piece, index) => {
    if (!sides[index]) return;
    const before = kept.at(-1);
    if (before?.to === piece.from) before.to = piece.to;
    else kept.push({ ...piece });
  });
  return kept.map(({ from, to }) => stretch(path, from, to));
}

function isLeft(
  piece: Position[],
  { from, to }: { from: number; to: number },
  crossings: Crossing[],
  guide: Guide,
): boolean | undefined {
  const start = crossings.find(({ at }) => at === from);
  if (start) return guide.isLeft(start.guide, away(piece[0]!, piece[1]!));
  const end = crossings.find(({ at }) => at === to);
  return end && guide.isLeft(end.guide, away(piece.at(-1)!, piece.at(-2)!));
}

const away = (from: Position, to: Position): [number, number] => [to[0]! - from[0]!, to[1]! - from[1]!];

/** Where the last segment of a path meets the guide if it goes on. */
function extension([before, end]: Position[], guide: Guide, how: How): Position | undefined {
  const ahead = guide.ahead(before!, end!);
  if (ahead === undefined) return undefined;
  const [x, y, ...others] = between(before!, end!, ahead);
  if (how.keepAttributes) return [x!, y!, ...end!.slice(2)];
  return [x!, y!, ...(how.emptyAttributes ? others.map(() => NaN) : others)];
}
