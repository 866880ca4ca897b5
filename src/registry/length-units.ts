/** Metres in one unit. The names are those people write; case, spaces and underscores do not matter. */
const METERS: Record<string, number> = {
  meters: 1,
  kilometers: 1_000,
  centimeters: 0.01,
  millimeters: 0.001,
  feet: 0.3048,
  'us-survey-feet': 1200 / 3937,
  yards: 0.9144,
  miles: 1_609.344,
  'nautical-miles': 1_852,
};

const SPELLINGS: Record<string, string> = {
  m: 'meters',
  meter: 'meters',
  metre: 'meters',
  metres: 'meters',
  km: 'kilometers',
  kilometer: 'kilometers',
  kilometre: 'kilometers',
  kilometres: 'kilometers',
  cm: 'centimeters',
  mm: 'millimeters',
  ft: 'feet',
  foot: 'feet',
  'us-survey-foot': 'us-survey-feet',
  'us-ft': 'us-survey-feet',
  ftus: 'us-survey-feet',
  yd: 'yards',
  yard: 'yards',
  mi: 'miles',
  mile: 'miles',
  nmi: 'nautical-miles',
  'nautical-mile': 'nautical-miles',
};

export const LENGTH_UNITS = Object.keys(METERS);

/** The unit a text names, or undefined. Degrees are none: they are no length on the ground. */
export function parseLengthUnit(text: string): string | undefined {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  const unit = Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name]! : name;
  return Object.hasOwn(METERS, unit) ? unit : undefined;
}

export const metersIn = (unit: string): number => METERS[unit]!;
