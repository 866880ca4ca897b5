/**
 * Whether both tiers give the same of 100,000 polygons, feature by feature: Natural Earth's countries in pieces. Throws where
 * they differ. `npm run bench:same-results`
 */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { withClient } from '../launcher/private-cluster.ts';
import { planarArea } from '../test/support/planar-area.ts';
import { loadLayers } from './procedures/layers.ts';
import { prefer } from './procedures/prefer.ts';
import { settingsFor } from './procedures/settings.ts';
import { print, submit, untilFinished, withRig } from './rig.ts';

const LIMIT_MS = 300_000;
const TIERS = ['in-process', 'postgis'] as const;
const layer = (layerReference: string): object => ({ layerReference });
const features = layer('areas_100000');

const REQUESTS: [process: string, inputs: object][] = [
  ['buffer', { features, distance: 500 }],
  ['dissolve', { features, by: 'name' }],
  ['intersection', { features, overlay: layer('overlay') }],
  ['clip', { features, mask: layer('mask') }],
  ['spatial-join', { features, join: layer('nations') }],
];

await withRig(settingsFor(LIMIT_MS), ({ server: { url }, databaseUrl }) =>
  withClient(databaseUrl, async (owner) => {
    await loadLayers(owner);
    for (const [process, inputs] of REQUESTS) {
      const results: FeatureCollection[] = [];
      for (const tier of TIERS) {
        await prefer(url, tier);
        const job = await submit(url, process, JSON.stringify({ inputs }));
        const status = await untilFinished(job, LIMIT_MS);
        if (status !== 'successful') throw new Error(`${process} on ${tier}: ${JSON.stringify(await (await fetch(job)).json())}`); // prettier-ignore
        results.push((await (await fetch(`${job}/results?f=json`)).json()) as FeatureCollection);
      }
      const { count, farthest } = compare(results as [FeatureCollection, FeatureCollection]);
      print(`${process}: features alike; areas differ by at most`, `${count}; ${farthest.toExponential(1)}`);
    }
  }),
);

/** In relation to the area itself; engines of other versions differ in the last digits, and in where rings begin. */
const MOST_OFF = 1e-9;

function compare([ours, theirs]: [FeatureCollection, FeatureCollection]): {
  count: number;
  farthest: number;
} {
  if (ours.features.length !== theirs.features.length)
    throw new Error(`${ours.features.length} and ${theirs.features.length} features`);
  let farthest = 0;
  ours.features.forEach((one, at) => {
    const other = theirs.features[at]!;
    if (bare(one) !== bare(other)) throw new Error(`feature ${at}: ${bare(one)} and ${bare(other)}`);
    const [area, otherArea] = [areaOf(one.geometry), areaOf(other.geometry)];
    const off = Math.abs(area - otherArea) / Math.max(area, 1);
    if (off > MOST_OFF) throw new Error(`feature ${at}: areas of ${area} and ${otherArea}`);
    farthest = Math.max(farthest, off);
  });
  return { count: ours.features.length, farthest };
}

const bare = ({ id, properties, geometry }: Feature): string =>
  JSON.stringify([id, properties, (geometry as Geometry | null)?.type]);
const areaOf = (geometry: Geometry | null): number => (geometry ? planarArea(geometry) : 0);
