import { metersInEsriUnit, squareMetersInEsriUnit } from '../../envelopes/esri-units.js';

/** A unit of length on the ground, or of longitude and latitude. */
export type Unit = { meters: number } | { degrees: number };

const FOOT = 0.3048;
const SURVEY_FOOT = 1200 / 3937;

/** Codes of EPSG and Esri. */
const LENGTHS: Record<number, number> = {
  9001: 1,
  9002: FOOT,
  9003: SURVEY_FOOT,
  9030: 1852,
  9035: SURVEY_FOOT * 5280,
  9036: 1000,
  9093: FOOT * 5280,
  9096: FOOT * 3,
  109001: FOOT * 3,
  109002: SURVEY_FOOT * 3,
  109005: 0.1,
  109006: 0.01,
  109007: 0.001,
  109008: FOOT / 12,
  109009: SURVEY_FOOT / 12,
  109012: 1853.248,
};
const ANGLES: Record<string, number> = {
  9101: 180 / Math.PI,
  9102: 1,
  9122: 1,
  degrees: 1,
  decimaldegrees: 1,
};

const AREA_CODES: Record<number, number> = {
  109401: 10_000,
  109402: 4046.8564224,
  109403: (SURVEY_FOOT * 5280) ** 2 / 640,
  109404: 1,
  109405: FOOT ** 2,
  109406: SURVEY_FOOT ** 2,
  109413: (SURVEY_FOOT * 5280) ** 2,
  109414: 1_000_000,
  109439: (FOOT * 5280) ** 2,
  109442: (FOOT * 3) ** 2,
  109450: 0.01,
  109451: 0.0001,
  109452: 0.000001,
  109453: (FOOT / 12) ** 2,
  109463: 100,
};

/** By code or word: `9036`, `esriMeters`, `kilometers`. Undefined for what is no unit. */
export function unitOf(text: string): Unit | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^esri(?:srunit_)?/, '');
  if (Object.hasOwn(ANGLES, word)) return { degrees: ANGLES[word]! };
  const meters = /^\d+$/.test(word) ? LENGTHS[Number(word)] : metersInEsriUnit(word);
  return meters === undefined ? undefined : { meters };
}

/** Square metres in a unit of area: `esriSquareKilometers`, `esriAcres`, `109414`. */
export const areaUnitOf = (text: string): number | undefined =>
  /^\s*\d+\s*$/.test(text) ? AREA_CODES[Number(text)] : squareMetersInEsriUnit(text);
