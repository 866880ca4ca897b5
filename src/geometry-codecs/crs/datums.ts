import type { Crs } from './crs.js';

/** A way from a datum to WGS 84, by the code that EPSG and Esri both know it by. */
export interface Transformation {
  wkid: number;
  name: string;
  /** Whether it changes nothing, so that it is the same in either direction. */
  isNull: boolean;
}

/** One step on the way from one datum to another. */
export interface TransformationStep extends Transformation {
  forward: boolean;
}

const WGS84 = 'WGS 84';
const known = (wkid: number, name: string, isNull = true): Transformation => ({ wkid, name, isNull });

/** The one way to WGS 84 that the definitions of each datum's systems take. */
const TO_WGS84: Record<string, Transformation> = {
  NAD83: known(1188, 'NAD_1983_To_WGS_1984_1'),
  ETRS89: known(1149, 'ETRS_1989_To_WGS_1984'),
  RGF93: known(1671, 'RGF_1993_To_WGS_1984_1'),
  SWEREF99: known(1879, 'SWEREF99_To_WGS_1984_1'),
  NZGD2000: known(1565, 'NZGD_2000_To_WGS_1984_1'),
  GDA94: known(1150, 'GDA_1994_To_WGS_1984'),
  CH1903: known(1766, 'CH1903_To_WGS_1984_2', false),
  'CH1903+': known(1676, 'CH1903+_To_WGS_1984_1', false),
};

const DATUMS: Record<string, string[]> = {
  NAD83: ['EPSG:4269', 'EPSG:5070', 'EPSG:3310', 'EPSG:3347', 'EPSG:2263'],
  ETRS89: ['EPSG:4258', 'EPSG:3034', 'EPSG:3035', 'EPSG:2180', 'EPSG:3067'],
  RGF93: ['EPSG:2154'],
  SWEREF99: ['EPSG:3006'],
  NZGD2000: ['EPSG:2193'],
  GDA94: ['EPSG:3577'],
  CH1903: ['EPSG:21781'],
  'CH1903+': ['EPSG:2056'],
};

function datumOf({ name }: Crs): string {
  if (/^EPSG:258\d\d$/.test(name)) return 'ETRS89';
  if (/^EPSG:269\d\d$/.test(name)) return 'NAD83';
  return Object.keys(DATUMS).find((datum) => DATUMS[datum]!.includes(name)) ?? WGS84;
}

/** The steps from the datum of one system to that of another, which conversions take; none where the two are the same. */
export function datumSteps(source: Crs, target: Crs): TransformationStep[] {
  const [from, to] = [datumOf(source), datumOf(target)];
  if (from === to) return [];
  return [
    ...(from === WGS84 ? [] : [{ ...TO_WGS84[from]!, forward: true }]),
    ...(to === WGS84 ? [] : [{ ...TO_WGS84[to]!, forward: false }]),
  ];
}
