import { projDefinition, refusal } from './definitions.js';

/** A coordinate system that can be computed in. Coordinates are always x, y: longitude before latitude. */
export interface Crs {
  /** `OGC:CRS84` or `EPSG:<code>`. */
  name: string;
  /** The definition as a PROJ string. */
  proj: string;
  geographic: boolean;
  /** Of a projected system: metres in one of its units. */
  metersPerUnit: number;
}

const FOOT: Record<string, number> = { ft: 0.3048, 'us-ft': 1200 / 3937, m: 1 };

/** The system of that name, or why it is not supported. */
export function findCrs(name: string): Crs | { message: string } {
  const proj = projDefinition(name);
  if (!proj) return { message: refusal(name) };
  const unit = /\+units=(\S+)/.exec(proj)?.[1] ?? 'm';
  const toMeter = /\+to_meter=(\S+)/.exec(proj)?.[1];
  return {
    name,
    proj,
    geographic: proj.includes('+proj=longlat'),
    metersPerUnit: toMeter ? Number(toMeter) : (FOOT[unit] ?? 1),
  };
}

export const WGS84 = findCrs('OGC:CRS84') as Crs;
