import type { Position } from 'geojson';
import { chord, extentOf } from './extent.js';
import type { Neighbourhood } from './plane-buffer.js';
import { EARTH_RADIUS, RADIANS } from './projection.js';
import type { Area, Shapes } from './shapes.js';

/** What lies within this of its centre is buffered in one plane: beyond, distances would be off by more than 0.1 %. */
const LARGEST = 500_000;
/** Members of a scattered geometry are put together by cells of this size, in degrees of latitude. */
const CELL = 3;
const SMALL_MEMBER = 150_000;
/** Lines too long for one plane are cut into pieces of this length and so many vertices. */
const PIECE_LENGTH = 400_000;
const PIECE_VERTICES = 500;
/** Edges are first cut to this, so that pieces can end anywhere. */
const EDGE_LENGTH = 100_000;

export interface Division {
  neighbourhoods: Neighbourhood[];
  /** Areas too large for one plane; their outlines are among the neighbourhoods, as lines. */
  largeAreas: Area[];
}

/** Divides a geometry into neighbourhoods small enough for one plane each. */
export function divide({ points, lines, areas }: Shapes): Division {
  const everything = [points, ...lines, ...areas.map(({ rings }) => rings[0]!)];
  const extent = extentOf(everything);
  if (extent.radius <= LARGEST) {
    return {
      neighbourhoods: [{ extent, points, lines, polygons: areas.map(({ rings }) => rings) }],
      largeAreas: [],
    };
  }
  const cells = new Cells();
  const largeAreas: Area[] = [];
  for (const point of points) cells.add([[point]], (into) => into.points.push(point));
  for (const line of lines) cells.addOrCut(line);
  for (const area of areas) {
    if (cells.add([area.rings[0]!], (into) => into.polygons.push(area.rings))) continue;
    largeAreas.push(area);
    for (const line of area.outline) cells.addPieces(line);
  }
  return { neighbourhoods: cells.all(), largeAreas };
}

/** The outlines alone, for taking a border strip off the areas. */
export function divideOutlines(areas: Area[]): Neighbourhood[] {
  const cells = new Cells();
  for (const { outline } of areas) for (const line of outline) cells.addOrCut(line);
  return cells.all();
}

type Members = Omit<Neighbourhood, 'extent'>;

class Cells {
  private readonly shared = new Map<string, Members>();
  private readonly single: Members[] = [];

  /** False if the member is too large for one plane. */
  add(outline: Position[][], put: (into: Members) => void): boolean {
    const { lon, lat, radius } = extentOf(outline);
    if (radius > LARGEST) return false;
    put(radius > SMALL_MEMBER ? this.alone() : this.cellAt(lon, lat));
    return true;
  }

  addOrCut(line: Position[]): void {
    if (!this.add([line], (into) => into.lines.push(line))) this.addPieces(line);
  }

  addPieces(line: Position[]): void {
    for (const piece of cut(line)) this.alone().lines.push(piece);
  }

  all(): Neighbourhood[] {
    return [...this.shared.values(), ...this.single].map((members) => ({
      ...members,
      extent: extentOf([members.points, ...members.lines, ...members.polygons.map((rings) => rings[0]!)]),
    }));
  }

  private alone(): Members {
    const members: Members = { points: [], lines: [], polygons: [] };
    this.single.push(members);
    return members;
  }

  /** Cells are as wide as they are high, by the cosine of their latitude. */
  private cellAt(lon: number, lat: number): Members {
    const row = Math.floor(lat / CELL);
    const columns = Math.max(1, Math.floor((360 * Math.cos((row + 0.5) * CELL * RADIANS)) / CELL));
    const key = `${row}/${Math.floor(((lon + 180) / 360) * columns)}`;
    let members = this.shared.get(key);
    if (!members) this.shared.set(key, (members = { points: [], lines: [], polygons: [] }));
    return members;
  }
}

/** Cuts a line into pieces that each fit a plane; each begins where the one before it ends. */
function cut(line: Position[]): Position[][] {
  const pieces: Position[][] = [];
  let piece: Position[] = [line[0]!];
  for (let i = 1; i < line.length; i++) {
    for (const position of steps(line[i - 1]!, line[i]!)) {
      piece.push(position);
      if (piece.length < PIECE_VERTICES && chord(piece[0]!, position) < PIECE_LENGTH) continue;
      pieces.push(piece);
      piece = [position];
    }
  }
  if (piece.length > 1) pieces.push(piece);
  return pieces;
}

/** The end of an edge, and before it as many points as keep its parts short. */
function* steps(from: Position, to: Position): Generator<Position> {
  const cos = Math.cos(Math.min(Math.abs(from[1]!), Math.abs(to[1]!)) * RADIANS);
  const length = EARTH_RADIUS * RADIANS * Math.hypot((to[0]! - from[0]!) * cos, to[1]! - from[1]!);
  const count = Math.ceil(length / EDGE_LENGTH);
  for (let i = 1; i < count; i++) {
    const t = i / count;
    yield [from[0]! + (to[0]! - from[0]!) * t, from[1]! + (to[1]! - from[1]!) * t];
  }
  yield to;
}
