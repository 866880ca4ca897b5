const FOOT = 0.3048;
const SURVEY_FOOT = 1200 / 3937;

/** Metres in Esri's linear units. Without `Int` or `US`, feet and what is made of them are international. */
const LINEAR: Record<string, number> = {
  inches: FOOT / 12,
  points: FOOT / 12 / 72,
  feet: FOOT,
  yards: FOOT * 3,
  miles: FOOT * 5280,
  nauticalmiles: 1852,
  millimeters: 0.001,
  centimeters: 0.01,
  decimeters: 0.1,
  meters: 1,
  kilometers: 1000,
  ussurveyfeet: SURVEY_FOOT,
  feetus: SURVEY_FOOT,
  usfeet: SURVEY_FOOT,
  yardsus: SURVEY_FOOT * 3,
  milesus: SURVEY_FOOT * 5280,
};

/** Metres in `esriKilometers`, `Kilometers`, `esriIntFeet`, in any case; undefined for what is no length. */
export function metersInEsriUnit(unit: string): number | undefined {
  const name = unit
    .trim()
    .toLowerCase()
    .replace(/^esri/, '')
    .replace(/^int(?=[a-z])/, '')
    .replaceAll(/[\s_-]/g, '');
  const plural = name === 'foot' ? 'feet' : name === 'inch' ? 'inches' : name;
  return [plural, `${plural}s`]
    .map((one) => (Object.hasOwn(LINEAR, one) ? LINEAR[one] : undefined))
    .find(Boolean);
}

const NAMED_AREAS: Record<string, number> = { acres: 4046.8564224, ares: 100, hectares: 10_000 };

/** Square metres in `esriSquareKilometers`, `SquareFeet`, `esriAcres`, in any case; undefined for what is no area. */
export function squareMetersInEsriUnit(unit: string): number | undefined {
  const word = unit
    .trim()
    .toLowerCase()
    .replace(/^esri/, '')
    .replaceAll(/[\s_-]/g, '');
  if (Object.hasOwn(NAMED_AREAS, word)) return NAMED_AREAS[word];
  const side = word.startsWith('square') ? metersInEsriUnit(word.slice('square'.length)) : undefined;
  return side === undefined ? undefined : side ** 2;
}
