import type { Fault } from '../shared/app-error.js';
import { parseCrsReference } from '../shared/crs-reference.js';

/** [west, south, east, north], or with heights [west, south, lowest, east, north, highest]; west > east crosses 180°. */
export interface BoundingBox {
  bbox: number[];
  crs: string;
}

const wrong = (message: string, path = ''): Fault => ({ path, message });

/** `{"bbox": [4 or 6 numbers], "crs"?}` (bbox.yaml of OGC API - Processes 1.0). Throws never; returns what is wrong. */
export function readBoundingBox(value: unknown): BoundingBox | Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong('must be {"bbox": [west, south, east, north]}');
  const { bbox, crs, ...others } = value as Record<string, unknown>;
  if (Object.keys(others).length > 0) return wrong('has the members bbox and crs only');
  if (!Array.isArray(bbox) || (bbox.length !== 4 && bbox.length !== 6))
    return wrong('must have 4 numbers, or 6 with heights', '/bbox');
  const broken = bbox.findIndex((number) => !Number.isFinite(number));
  if (broken >= 0) return wrong('must be a finite number', `/bbox/${broken}`);
  const numbers = bbox as number[];
  const half = numbers.length / 2;
  if (numbers[1]! > numbers[half + 1]!) return wrong('has its south above its north', '/bbox');
  const name = crs === undefined ? 'OGC:CRS84' : typeof crs === 'string' ? readCrs(crs) : undefined;
  if (!name) return wrong('must name a coordinate system', '/crs');
  return { bbox: numbers, crs: name };
}

/** The standard has a name for CRS84 with heights; here the heights are told by the count of numbers. */
const readCrs = (text: string): string | undefined => parseCrsReference(text.replace(/CRS84h$/i, 'CRS84'));
