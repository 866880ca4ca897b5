type Position = number[];
type Nested = Position | Nested[];

const TYPES: Record<string, [type: string, depth: number]> = {
  POINT: ['Point', 0],
  LINESTRING: ['LineString', 1],
  POLYGON: ['Polygon', 2],
  MULTIPOINT: ['MultiPoint', 1],
  MULTILINESTRING: ['MultiLineString', 2],
  MULTIPOLYGON: ['MultiPolygon', 3],
};
const TOKEN = /[A-Z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:E[-+]?\d+)?|[(),]/gi;

/** Well-known text as a GeoJSON geometry, for the map only; undefined for what is none. */
export function readWkt(text: string): GeoJSON.Geometry | undefined {
  const tokens = text.replace(/^\s*SRID=\d+;/i, '').match(TOKEN) ?? [];
  try {
    return new Reader(tokens.map((token) => token.toUpperCase())).geometry();
  } catch {
    return undefined;
  }
}

class Reader {
  private at = 0;
  constructor(private readonly tokens: string[]) {}

  geometry(): GeoJSON.Geometry {
    const name = this.next();
    while (['Z', 'M', 'ZM'].includes(this.peek())) this.next();
    if (name === 'GEOMETRYCOLLECTION')
      return { type: 'GeometryCollection', geometries: this.list(() => this.geometry()) };
    const [type, depth] = TYPES[name] ?? fail();
    return { type, coordinates: this.nested(depth) } as GeoJSON.Geometry;
  }

  private nested(depth: number): Nested {
    if (depth === 0) return this.list(() => this.position())[0] ?? fail();
    return this.list(() => (depth > 1 ? this.nested(depth - 1) : this.member()));
  }

  /** Points of a MULTIPOINT may stand in parentheses of their own. */
  private member(): Position {
    return this.peek() === '(' ? (this.list(() => this.position())[0] ?? fail()) : this.position();
  }

  private list<Item>(read: () => Item): Item[] {
    if (this.peek() === 'EMPTY') return (this.next(), []);
    if (this.next() !== '(') fail();
    const items: Item[] = [];
    do items.push(read());
    while (this.next() === ',');
    return items;
  }

  private position(): Position {
    const numbers: number[] = [];
    while (/^[-+.\d]/.test(this.peek())) numbers.push(Number(this.next()));
    return numbers.length >= 2 ? numbers.slice(0, 2) : fail();
  }

  private peek = (): string => this.tokens[this.at] ?? '';
  private next = (): string => this.tokens[this.at++] ?? fail();
}

function fail(): never {
  throw new Error('not well-known text');
}
