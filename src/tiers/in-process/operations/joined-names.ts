import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { type AppError, invalidInput } from '../../../shared/app-error.js';
import type { OperationContext } from './operation.js';

const DEFAULT_PREFIX = 'join_';

/**
 * The attributes of two inputs side by side: names that both have, or that the operation itself adds, get the prefix in
 * front where they come from the second. Every joined feature has all of them; without a partner they are null.
 */
export class JoinedNames {
  private constructor(private readonly names: ReadonlyMap<string, string>) {}

  static of(
    { expression }: OperationContext,
    features: FeatureRecord[],
    others: FeatureRecord[],
  ): JoinedNames {
    const prefix = expression.text('prefix') ?? DEFAULT_PREFIX;
    const taken = new Set(namesOf(features));
    const names = new Map<string, string>();
    const all = namesOf(others);
    for (const name of all) {
      let joined = name;
      while (taken.has(joined) || ADDED.has(joined)) {
        if (prefix === '') throw nameless(joined);
        joined = prefix + joined;
      }
      taken.add(joined);
      names.set(name, joined);
    }
    return new JoinedNames(names);
  }

  join(feature: FeatureRecord, other: FeatureRecord | null, added: Record<string, unknown>): FeatureRecord {
    const properties: Record<string, unknown> = { ...feature.properties };
    for (const [name, joined] of this.names) properties[joined] = other?.properties?.[name] ?? null;
    return { ...feature, properties: { ...properties, ...added } };
  }
}

/** What the joining operations add themselves. */
const ADDED = new Set(['nearest_feature', 'nearest_rank', 'distance_m', 'join_count', 'join_feature']);

function namesOf(features: FeatureRecord[]): Set<string> {
  const names = new Set<string>();
  for (const { properties } of features) for (const name of Object.keys(properties ?? {})) names.add(name);
  return names;
}

function nameless(name: string): AppError {
  const message = `must not be empty where the name ${name} is taken`;
  return invalidInput(`/inputs/prefix: ${message}`, [{ path: '/inputs/prefix', message }]);
}
