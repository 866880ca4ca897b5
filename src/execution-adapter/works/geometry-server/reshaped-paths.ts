import type { Position } from 'geojson';
import type { Guide } from './guide.js';
import { stretch } from './stretches.js';

/** Paths of which the part between their first and last crossing with one path of a guide is replaced by that of the guide. */
export function reshapedPaths(paths: Position[][], guide: Guide): Position[][] {
  return paths.map((path) => {
    const all = guide.crossings(path);
    const several = guide.paths.map((_, index) => all.filter((one) => one.guide.path === index));
    const [first, ...others] = several.find((one) => one.length > 1) ?? [];
    const last = others.at(-1);
    if (!first || !last) return path;
    const replaced = guide.paths[first.guide.path]!;
    const [from, to] = [first.guide.at, last.guide.at];
    const detour = from <= to ? stretch(replaced, from, to) : stretch(replaced, to, from).reverse();
    const before = stretch(path, 0, first.at);
    const after = stretch(path, last.at, path.length - 1);
    return withoutRepeats(evened([...before, ...detour.slice(1, -1), ...after]));
  });
}

/** What some positions lack, none keeps. */
function evened(path: Position[]): Position[] {
  const dimension = Math.min(...path.map(({ length }) => length));
  return path.map((one) => (one.length === dimension ? one : one.slice(0, dimension)));
}

const withoutRepeats = (path: Position[]): Position[] =>
  path.filter(
    (one, index) => index === 0 || one[0] !== path[index - 1]![0] || one[1] !== path[index - 1]![1],
  );
