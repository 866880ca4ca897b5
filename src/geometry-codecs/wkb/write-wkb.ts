import type { Geometry, Position } from 'geojson';

const TYPES = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
  GeometryCollection: 7,
} as const satisfies Record<Geometry['type'], number>;
/** Of extended WKB, as PostGIS reads it. */
const HAS_Z = 0x80000000;
const LITTLE_ENDIAN = 1;

/** Writes geometries as hexadecimal WKB, in a buffer that it keeps. */
export class WkbWriter {
  private bytes = Buffer.allocUnsafe(64 * 1024);
  private at = 0;

  hex(geometry: Geometry): string {
    this.at = 0;
    this.geometry(geometry);
    return this.bytes.toString('hex', 0, this.at);
  }

  private geometry(geometry: Geometry): void {
    switch (geometry.type) {
      case 'Point':
        this.header('Point', geometry.coordinates);
        return this.position(geometry.coordinates);
      case 'LineString':
        this.header('LineString', geometry.coordinates[0]);
        return this.positions(geometry.coordinates);
      case 'Polygon':
        this.header('Polygon', geometry.coordinates[0]?.[0]);
        return this.many(geometry.coordinates, (ring) => this.positions(ring));
      case 'MultiPoint':
        this.header('MultiPoint', geometry.coordinates[0]);
        return this.many(geometry.coordinates, (one) => this.geometry({ type: 'Point', coordinates: one }));
      case 'MultiLineString':
        this.header('MultiLineString', geometry.coordinates[0]?.[0]);
        return this.many(geometry.coordinates, (one) =>
          this.geometry({ type: 'LineString', coordinates: one }),
        );
      case 'MultiPolygon':
        this.header('MultiPolygon', geometry.coordinates[0]?.[0]?.[0]);
        return this.many(geometry.coordinates, (one) => this.geometry({ type: 'Polygon', coordinates: one }));
      case 'GeometryCollection':
        this.header('GeometryCollection', firstPosition(geometry));
        return this.many(geometry.geometries, (one) => this.geometry(one));
    }
  }

  private header(type: Geometry['type'], first: Position | undefined): void {
    this.ensure(9);
    this.at = this.bytes.writeUInt8(LITTLE_ENDIAN, this.at);
    const z = first !== undefined && first.length > 2 ? HAS_Z : 0;
    this.at = this.bytes.writeUInt32LE((TYPES[type] | z) >>> 0, this.at);
  }

  private many<T>(list: T[], write: (one: T) => void): void {
    this.count(list.length);
    for (const one of list) write(one);
  }

  private positions(list: Position[]): void {
    this.count(list.length);
    this.ensure(list.length * 24);
    for (const position of list) this.position(position);
  }

  private position(position: Position): void {
    this.ensure(24);
    for (const value of position) this.at = this.bytes.writeDoubleLE(value, this.at);
  }

  private count(count: number): void {
    this.ensure(4);
    this.at = this.bytes.writeUInt32LE(count, this.at);
  }

  private ensure(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.at + more, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }
}

function firstPosition(geometry: Geometry): Position | undefined {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.map(firstPosition).find(Boolean);
  let first: unknown = geometry.coordinates;
  while (Array.isArray(first) && Array.isArray(first[0])) first = first[0];
  return Array.isArray(first) ? (first as Position) : undefined;
}
