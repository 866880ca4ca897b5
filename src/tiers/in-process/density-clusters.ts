/** One that is near enough, and how far it is. */
export interface Near {
  index: number;
  distance: number;
}

/**
 * The cluster of each, from 0 on in the order of their first cores; null for noise, and for what has no neighbourhood. One
 * that has enough near it, itself among them, is a core; cores near each other are in one cluster; another one is in that
 * of its nearest core, of cores equally near the first. So the answer does not depend on the order of looking.
 */
export function clustersOf(near: (Near[] | null)[], enough: number): (number | null)[] {
  const isCore = near.map((neighbours) => neighbours !== null && neighbours.length >= enough);
  const clusters: (number | null)[] = near.map(() => null);
  let count = 0;
  for (const [start, core] of isCore.entries()) {
    if (!core || clusters[start] !== null) continue;
    clusters[start] = count;
    for (const todo = [start]; todo.length > 0;)
      for (const { index } of near[todo.pop()!]!) {
        if (!isCore[index] || clusters[index] !== null) continue;
        clusters[index] = count;
        todo.push(index);
      }
    count += 1;
  }
  return clusters.map((own, index) => {
    const nearest = isCore[index]
      ? undefined
      : nearestOf((near[index] ?? []).filter((one) => isCore[one.index]));
    return nearest ? clusters[nearest.index]! : own;
  });
}

const nearestOf = (near: Near[]): Near | undefined =>
  near.reduce<Near | undefined>(
    (best, one) =>
      !best || one.distance < best.distance || (one.distance === best.distance && one.index < best.index)
        ? one
        : best,
    undefined,
  );
