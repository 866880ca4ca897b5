/**
 * Whether both tiers give the same of 100,000 polygons, feature by feature: Natural Earth's countries in pieces. Fails where they
 * differ. `npm run bench:same-results`
 */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { withClient } from '../launcher/private-cluster.ts';
import { planarArea } from '../test/support/planar-area.ts';
import { loadLayers } from './procedures/layers.ts';
import { prefer } from './procedures/prefer.ts';
import { settingsFor } from './procedures/settings.ts';
import { print, submit, untilFinished, withRig } from './rig.ts';

const LIMIT_MS = 300_000;
/** In relation to the area itself; engines of other versions differ in the last digits, and in where rings begin. */
const MOST_OFF = 1e-9;
const TIERS = ['in-process', 'postgis'] as const;
const layer = (layerReference: string): object => ({ layerReference });
const features = layer('areas_100000');

const REQUESTS: [id: string, inputs: object][] = [
  ['buffer', { features, distance: 500 }],
  ['dissolve', { features, by: 'name' }],
  ['intersection', { features, overlay: layer('overlay') }],
  ['clip', { features, mask: layer('mask') }],
  ['spatial-join', { features, join: layer('nations') }],
];

await withRig(settingsFor(LIMIT_MS), ({ server: { url }, databaseUrl }) =>
  withClient(databaseUrl, async (owner) => {
    await loadLayers(owner);
    for (const [id, inputs] of REQUESTS) {
      const results: FeatureCollection[] = [];
      for (const tier of TIERS) {
        await prefer(url, tier);
        const job = await submit(url, id, JSON.stringify({ inputs }));
        const status = await untilFinished(job, LIMIT_MS);
        if (status !== 'successful') throw new Error(`${id} on ${tier}: ${JSON.stringify(await (await fetch(job)).json())}`); // prettier-ignore
        results.push((await (await fetch(`${job}/results?f=json`)).json()) as FeatureCollection);
      }
      const { alike, unlike, farthest } = compare(results as [FeatureCollection, FeatureCollection]);
      print(`${id}: features alike; areas differ by at most`, `${alike}; ${farthest.toExponential(1)}`);
      if (unlike === undefined) continue;
      print('the first that is not', unlike);
      process.exitCode = 1;
    }
  }),
);

/** How many features are alike, what the first is that is not, and the largest difference of areas. */
function compare([ours, theirs]: [FeatureCollection, FeatureCollection]): {
  alike: number;
  unlike?: string;
  farthest: number;
} {
  if (ours.features.length !== theirs.features.length)
    return {
      alike: 0,
      unlike: `${ours.features.length} and ${theirs.features.length} features`,
      farthest: 0,
    };
  let alike = 0;
  let unlike: string | undefined;
  let farthest = 0;
  ours.features.forEach((one, at) => {
    const other = theirs.features[at]!;
    const [area, otherArea] = [areaOf(one.geometry), areaOf(other.geometry)];
    const off = Math.abs(area - otherArea) / Math.max(area, 1);
    farthest = Math.max(farthest, off);
    if (bare(one) === bare(other) && off <= MOST_OFF) alike += 1;
    else unlike ??= `${at}: ${bare(one)} of ${area}, ${bare(other)} of ${otherArea}`;
  });
  return { alike, unlike, farthest };
}

function bare({ id, properties, geometry }: Feature): string {
  return JSON.stringify([id, properties, (geometry as Geometry | null)?.type]);
}

function areaOf(geometry: Geometry | null): number {
  return geometry ? planarArea(geometry) : 0;
}
