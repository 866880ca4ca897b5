import type { FetchedReference } from '../../execution/index.js';
import type { ProcessDefinition, TierName } from '../../registry/index.js';

/** What follows from where the data of a request is. */
export interface Locality {
  /** Tiers that the data is out of reach for, each with the reason. */
  outOfReach: Partial<Record<TierName, string>>;
  /** The tier that is where the data is. */
  nearest?: TierName;
  /** Why the process cannot have this data at all. */
  refusal?: string;
}

type NamedLayer = NonNullable<FetchedReference['layer']>;

/** Whether any of it is left in its table, which but one tier reaches into. */
export const areInPlace = (references: FetchedReference[] | undefined): boolean =>
  references?.some(({ layer }) => layer?.inPlace) ?? false;

/** The tier that reaches into tables. */
export const AT_TABLES: TierName = 'postgis';

/**
 * PostGIS takes layers of PostgreSQL, and others only where the process lets them be copied into a temporary table of
 * its session. Features that came with the request go anywhere.
 */
export function localityOf(
  { id, hints, allowMaterialization }: ProcessDefinition,
  references: FetchedReference[] | undefined,
): Locality {
  const layers = (references ?? []).flatMap(({ layer }): NamedLayer[] => (layer ? [layer] : []));
  const elsewhere = layers.find(({ provider }) => provider !== 'postgis');
  if (!elsewhere) return { outOfReach: {}, ...(layers.length > 0 && { nearest: AT_TABLES }) };
  if (allowMaterialization) return { outOfReach: {} };
  const refusal = `Process '${id}' requires PostgreSQL data source. Layer '${elsewhere.id}' uses ${elsewhere.provider} provider.`;
  return {
    outOfReach: { postgis: 'Tier 2 (PostGIS) unavailable for non-PostgreSQL source' },
    ...(hints.requiresPostgres && { refusal }),
  };
}
