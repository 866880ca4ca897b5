/** Square metres in one unit. The names are those people write; case, spaces and underscores do not matter. */
const SQUARE_METERS: Record<string, number> = {
  'square-meters': 1,
  'square-kilometers': 1_000_000,
  'square-centimeters': 0.0001,
  'square-feet': 0.3048 ** 2,
  'square-yards': 0.9144 ** 2,
  'square-miles': 1_609.344 ** 2,
  ares: 100,
  hectares: 10_000,
  acres: 4_046.8564224,
};

const SPELLINGS: Record<string, string> = {
  m2: 'square-meters',
  sqm: 'square-meters',
  'square-metres': 'square-meters',
  km2: 'square-kilometers',
  sqkm: 'square-kilometers',
  'square-kilometres': 'square-kilometers',
  ft2: 'square-feet',
  sqft: 'square-feet',
  mi2: 'square-miles',
  sqmi: 'square-miles',
  ha: 'hectares',
  hectare: 'hectares',
  acre: 'acres',
  are: 'ares',
};

export const AREA_UNITS = Object.keys(SQUARE_METERS);

/** The unit a text names, or undefined. */
export function parseAreaUnit(text: string): string | undefined {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  const unit = Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name]! : name;
  return Object.hasOwn(SQUARE_METERS, unit) ? unit : undefined;
}

export const squareMetersIn = (unit: string): number => SQUARE_METERS[unit]!;
