import type { Geometry, Position } from 'geojson';
import { WktTokens } from './wkt-tokens.js';

export { WktFault } from './wkt-tokens.js';

const DEEPEST_COLLECTION = 8;

/**
 * Well-known text (OGC 06-103r4) to GeoJSON, `SRID=n;` in front allowed. EMPTY is null. Structure only: closed rings
 * and ranges are checked as for GeoJSON. Throws WktFault with the place in the text.
 */
export function readWkt(text: string): { geometry: Geometry | null; srid?: number } {
  const srid = /^\s*SRID\s*=\s*(\d{1,6})\s*;/i.exec(text);
  const tokens = new WktTokens(srid ? text.slice(srid[0].length) : text);
  const geometry = readTagged(tokens, 0);
  tokens.end();
  return { geometry, ...(srid && { srid: Number(srid[1]) }) };
}

function readTagged(tokens: WktTokens, depth: number): Geometry | null {
  const tag = tokens.word().toUpperCase();
  const [, name, suffix] = /^(.*?)(ZM|Z|M)?$/.exec(tag)!;
  const dimension = suffix ?? tokens.option(['ZM', 'Z', 'M']);
  if (dimension === 'M' || dimension === 'ZM') tokens.fail('measures (M) are not supported');
  if (tokens.option(['EMPTY'])) return null;
  if (name === 'GEOMETRYCOLLECTION') {
    if (depth >= DEEPEST_COLLECTION) tokens.fail('geometry collections are nested too deeply');
    const geometries = list(tokens, () => readTagged(tokens, depth + 1)).filter((one) => one !== null);
    return { type: 'GeometryCollection', geometries };
  }
  const read = READERS[name!];
  return read ? read(tokens) : tokens.fail(`"${tag.slice(0, 40)}" is no type of geometry`);
}

const READERS: Record<string, (tokens: WktTokens) => Geometry> = {
  POINT: (tokens) => ({ type: 'Point', coordinates: bracketed(tokens, () => position(tokens)) }),
  LINESTRING: (tokens) => ({ type: 'LineString', coordinates: line(tokens) }),
  LINEARRING: (tokens) => ({ type: 'LineString', coordinates: line(tokens) }),
  POLYGON: (tokens) => ({ type: 'Polygon', coordinates: polygon(tokens) }),
  MULTIPOINT: (tokens) => ({ type: 'MultiPoint', coordinates: list(tokens, () => bareOrBracketed(tokens)) }),
  MULTILINESTRING: (tokens) => ({ type: 'MultiLineString', coordinates: list(tokens, () => line(tokens)) }),
  MULTIPOLYGON: (tokens) => ({ type: 'MultiPolygon', coordinates: list(tokens, () => polygon(tokens)) }),
};

const polygon = (tokens: WktTokens): Position[][] => list(tokens, () => line(tokens));
const line = (tokens: WktTokens): Position[] => list(tokens, () => position(tokens));

/** `MULTIPOINT (1 2, 3 4)` and `MULTIPOINT ((1 2), (3 4))` are both in use. */
function bareOrBracketed(tokens: WktTokens): Position {
  return tokens.peek() === '(' ? bracketed(tokens, () => position(tokens)) : position(tokens);
}

function bracketed<T>(tokens: WktTokens, read: () => T): T {
  tokens.expect('(');
  const value = read();
  tokens.expect(')');
  return value;
}

function list<T>(tokens: WktTokens, read: () => T): T[] {
  return bracketed(tokens, () => {
    const values = [read()];
    while (tokens.peek() === ',') {
      tokens.expect(',');
      values.push(read());
    }
    return values;
  });
}

function position(tokens: WktTokens): Position {
  const numbers = [tokens.number(), tokens.number()];
  while (tokens.startsNumber()) numbers.push(tokens.number());
  return numbers;
}
