import type { Geometry, LineString, Point, Polygon, Position } from 'geojson';

const POINT = 1;

/** Little- or big-endian WKB, of ISO or extended, to a geometry; measures are left out. Null for an empty point. */
export function readWkb(bytes: Uint8Array): Geometry | null {
  return new WkbReading(bytes).geometry();
}

class WkbReading {
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  geometry(): Geometry | null {
    const little = this.view.getUint8(this.at++) === 1;
    const code = this.uint(little);
    if (code & 0x20000000) this.at += 4; // an SRID
    const iso = (code & 0xffff) % 1000;
    const family = Math.floor((code & 0xffff) / 1000);
    const hasZ = (code & 0x80000000) !== 0 || family === 1 || family === 3;
    const hasM = (code & 0x40000000) !== 0 || family >= 2;
    const position = (): Position => {
      const [x, y] = [this.double(little), this.double(little)];
      const z = hasZ ? [this.double(little)] : [];
      if (hasM) this.at += 8;
      return [x, y, ...z];
    };
    const many = <T>(read: () => T): T[] => Array.from({ length: this.uint(little) }, read);
    const parts = <G extends Geometry>(): G[] =>
      many(() => this.geometry()).filter((one) => one !== null) as G[];
    switch (iso) {
      case POINT: {
        const coordinates = position();
        return coordinates.some(Number.isNaN) ? null : { type: 'Point', coordinates };
      }
      case 2:
        return { type: 'LineString', coordinates: many(position) };
      case 3:
        return { type: 'Polygon', coordinates: many(() => many(position)) };
      case 4:
        return { type: 'MultiPoint', coordinates: coordinatesOf(parts<Point>()) };
      case 5:
        return { type: 'MultiLineString', coordinates: coordinatesOf(parts<LineString>()) };
      case 6:
        return { type: 'MultiPolygon', coordinates: coordinatesOf(parts<Polygon>()) };
      case 7:
        return { type: 'GeometryCollection', geometries: parts() };
      default:
        throw new RangeError(`WKB of type ${code} is not read`);
    }
  }

  private uint(little: boolean): number {
    const value = this.view.getUint32(this.at, little);
    this.at += 4;
    return value;
  }

  private double(little: boolean): number {
    const value = this.view.getFloat64(this.at, little);
    this.at += 8;
    return value;
  }
}

const coordinatesOf = <C>(parts: { coordinates: C }[]): C[] => parts.map(({ coordinates }) => coordinates);
