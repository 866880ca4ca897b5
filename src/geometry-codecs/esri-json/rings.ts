import type { Position } from 'geojson';

interface Ring {
  positions: Position[];
  /** Twice the area; positive where it runs counter-clockwise. */
  area: number;
  bounds: [number, number, number, number];
}

interface Shell {
  ring: Ring;
  holes: Ring[];
}

/**
 * Rings to polygons by Esri's rule: clockwise rings are shells, counter-clockwise ones holes of the smallest shell about
 * them (an island in a hole is a shell again). Where the rule leaves holes over, the writer did not know it: then a ring
 * is a hole if it lies in an odd number of others. Shells come back counter-clockwise, as in GeoJSON.
 */
export function polygonsOf(rings: Position[][]): Position[][][] {
  const measured = rings.map(measure);
  const shells = byTurning(measured) ?? byNesting(measured);
  return shells.map(({ ring, holes }) => [turned(ring, true), ...holes.map((hole) => turned(hole, false))]);
}

function byTurning(rings: Ring[]): Shell[] | undefined {
  const shells = rings.filter(({ area }) => area <= 0).map((ring): Shell => ({ ring, holes: [] }));
  for (const hole of rings.filter(({ area }) => area > 0)) {
    const shell = smallestAbout(hole, shells);
    if (!shell) return undefined;
    shell.holes.push(hole);
  }
  return shells;
}

function byNesting(rings: Ring[]): Shell[] {
  const depth = new Map(
    rings.map((ring) => [ring, rings.filter((other) => other !== ring && lies(ring, other)).length]),
  );
  const shells = rings
    .filter((ring) => depth.get(ring)! % 2 === 0)
    .map((ring): Shell => ({ ring, holes: [] }));
  for (const ring of rings) if (depth.get(ring)! % 2 === 1) smallestAbout(ring, shells)!.holes.push(ring);
  return shells;
}

function smallestAbout(hole: Ring, shells: Shell[]): Shell | undefined {
  let found: Shell | undefined;
  for (const shell of shells) {
    if (found && Math.abs(found.ring.area) <= Math.abs(shell.ring.area)) continue;
    if (lies(hole, shell.ring)) found = shell;
  }
  return found;
}

/** Whether a ring lies in another: by the first of its vertices, else edge middles, that is not on the other's edge. */
function lies(inner: Ring, outer: Ring): boolean {
  const [a, b] = [inner.bounds, outer.bounds];
  if (a[0] < b[0] || a[1] < b[1] || a[2] > b[2] || a[3] > b[3]) return false;
  if (Math.abs(inner.area) > Math.abs(outer.area)) return false;
  for (const position of inner.positions) {
    const side = sideOf(position, outer.positions);
    if (side !== 'edge') return side === 'inside';
  }
  for (let i = 1; i < inner.positions.length; i++) {
    const [p, q] = [inner.positions[i - 1]!, inner.positions[i]!];
    const side = sideOf([(p[0]! + q[0]!) / 2, (p[1]! + q[1]!) / 2], outer.positions);
    if (side !== 'edge') return side === 'inside';
  }
  return true;
}

function sideOf([x, y]: Position, ring: Position[]): 'inside' | 'outside' | 'edge' {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1]!, ring[i]!] as [[number, number], [number, number]];
    const cross = (bx - ax) * (y! - ay) - (by - ay) * (x! - ax);
    const spans =
      Math.min(ax, bx) <= x! && x! <= Math.max(ax, bx) && Math.min(ay, by) <= y! && y! <= Math.max(ay, by);
    if (cross === 0 && spans) return 'edge';
    if (ay > y! !== by > y! && x! < ax + ((bx - ax) * (y! - ay)) / (by - ay)) inside = !inside;
  }
  return inside ? 'inside' : 'outside';
}

function measure(positions: Position[]): Ring {
  const bounds: Ring['bounds'] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of positions as [number, number][]) {
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  }
  return { positions, area: turningArea(positions), bounds };
}

/** Twice the area of a closed ring, positive where it runs counter-clockwise; taken from its first vertex. */
export function turningArea(ring: Position[]): number {
  const [ox, oy] = ring[0] as [number, number];
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1]!, ring[i]!] as [[number, number], [number, number]];
    sum += (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
  }
  return sum;
}

const turned = ({ positions, area }: Ring, counterClockwise: boolean): Position[] =>
  area > 0 === counterClockwise ? positions : [...positions].reverse();
