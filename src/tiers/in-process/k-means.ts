import type { Vector } from './proximity/metric.js';

/** Beside the farthest place, so many are looked at for a seed. */
const PLACES = 8;
/** Real data settle long before. */
const MOST_ROUNDS = 300;

/** What a search led to: the number of the centre of each place, and the sum of the squares of the distances to them. */
interface Grouping {
  members: number[];
  sum: number;
}

/**
 * The cluster of each place, from 0 on in order of first appearance: the better one of two searches by Lloyd's rounds
 * (1982), until nothing changes. One starts from places each as far as can be from those before (Gonzalez 1985), the other
 * from places of which each leaves the least sum, of a few spread evenly by the squares of their distances (k-means++,
 * Arthur and Vassilvitskii 2007, with even steps for chances). There are fewer clusters than `count` where there are fewer
 * different places.
 *
 * PostGIS does the same sums in the same order (`procedure-cluster-kmeans.sql`): change both or none.
 */
export function kMeans(places: Vector[], count: number): number[] {
  if (places.length === 0) return [];
  const [far, spread] = [0, PLACES].map((looks) => settle(places, seedsOf(places, count, looks)));
  return renumbered(spread!.sum < far!.sum ? spread!.members : far!.members);
}

function seedsOf(places: Vector[], count: number, looks: number): Vector[] {
  const fromMean = distancesTo(places, meanOf(places));
  const first = looks === 0 ? farthest(fromMean) : farthest(fromMean.map((squared) => -squared));
  const seeds = [places[first]!];
  let near = distancesTo(places, seeds[0]!);
  while (seeds.length < count) {
    const candidates = [farthest(near), ...evenly(near, looks)];
    if (near[candidates[0]!] === 0) break;
    let [best, least] = [near, Infinity];
    let chosen = candidates[0]!;
    for (const one of candidates) {
      const left = near.map((squared, at) => Math.min(squared, squaredDistance(places[at]!, places[one]!)));
      const sum = total(left);
      if (sum < least) [best, least, chosen] = [left, sum, one];
    }
    seeds.push(places[chosen]!);
    near = best;
  }
  return seeds;
}

/** Indices at even steps of a running sum, each in the middle of its step. */
function evenly(weights: number[], steps: number): number[] {
  const sum = total(weights);
  const found: number[] = [];
  let running = 0;
  for (const [at, weight] of weights.entries()) {
    running += weight;
    while (found.length < steps && running > (sum * (found.length + 0.5)) / steps) found.push(at);
  }
  return found;
}

function settle(places: Vector[], seeds: Vector[]): Grouping {
  let centres = seeds;
  let members = places.map((place) => nearest(place, centres));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    centres = centresOf(places, members, centres);
    const next = places.map((place) => nearest(place, centres));
    if (next.every((centre, at) => centre === members[at])) break;
    members = next;
  }
  const sum = total(places.map((place, at) => squaredDistance(place, centres[members[at]!]!)));
  return { members, sum };
}

/** The means of the members; a centre that has none stays where it was. */
function centresOf(places: Vector[], members: number[], before: Vector[]): Vector[] {
  const groups = before.map((): Vector[] => []);
  for (const [at, place] of places.entries()) groups[members[at]!]!.push(place);
  return groups.map((group, centre) => (group.length === 0 ? before[centre]! : meanOf(group)));
}

function meanOf(places: Vector[]): Vector {
  const sums: Vector = [0, 0, 0];
  for (const [x, y, z] of places) {
    sums[0] += x;
    sums[1] += y;
    sums[2] += z;
  }
  return [sums[0] / places.length, sums[1] / places.length, sums[2] / places.length];
}

function nearest(place: Vector, centres: Vector[]): number {
  let [found, least] = [0, Infinity];
  for (const [at, centre] of centres.entries()) {
    const squared = squaredDistance(place, centre);
    if (squared < least) [found, least] = [at, squared];
  }
  return found;
}

/** Of several that are as large, the first. */
const farthest = (squares: number[]): number =>
  squares.reduce((best, squared, at) => (squared > squares[best]! ? at : best), 0);

const distancesTo = (places: Vector[], to: Vector): number[] =>
  places.map((place) => squaredDistance(place, to));

const squaredDistance = (a: Vector, b: Vector): number => {
  const [dx, dy, dz] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  return dx * dx + dy * dy + dz * dz;
};

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

function renumbered(members: number[]): number[] {
  const numbers = new Map<number, number>();
  return members.map((centre) => {
    if (!numbers.has(centre)) numbers.set(centre, numbers.size);
    return numbers.get(centre)!;
  });
}
