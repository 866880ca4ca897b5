import { describe, expect, it } from 'vitest';
import type { FetchedReference } from '../../execution/index.js';
import type { ProcessDefinition } from '../../registry/index.js';
import { localityOf } from './locality.js';

const process = (over: { requiresPostgres?: boolean; allowMaterialization?: boolean }): ProcessDefinition =>
  ({ id: 'p', allowMaterialization: false, hints: { requiresPostgres: false, ...over }, ...over }) as never;

const named = (...layers: (FetchedReference['layer'] | undefined)[]): FetchedReference[] =>
  layers.map((layer) => ({
    href: 'x',
    mediaType: 'x',
    key: 'x',
    size: 1,
    sha256: 'x',
    ...(layer && { layer }),
  }));

const here = { id: 'roads', provider: 'postgis' };
const there = { id: 'parks', provider: 'geopackage' };

describe('locality', () => {
  it('leaves every tier to features that came with the request', () => {
    expect(localityOf(process({}), undefined)).toEqual({ outOfReach: {} });
    expect(localityOf(process({ requiresPostgres: true }), named(undefined))).toEqual({ outOfReach: {} });
  });

  it('prefers PostGIS for data that is all in PostgreSQL', () => {
    expect(localityOf(process({}), named(here, undefined))).toEqual({ outOfReach: {}, nearest: 'postgis' });
  });

  it('keeps PostGIS from data of which any is elsewhere, unless it may be copied', () => {
    const reason = 'Tier 2 (PostGIS) unavailable for non-PostgreSQL source';
    expect(localityOf(process({}), named(here, there))).toEqual({ outOfReach: { postgis: reason } });
    expect(localityOf(process({ allowMaterialization: true }), named(here, there))).toEqual({
      outOfReach: {},
    });
  });

  it('refuses by name what a process that needs PostgreSQL cannot have', () => {
    expect(localityOf(process({ requiresPostgres: true }), named(there)).refusal).toBe(
      `Process 'p' requires PostgreSQL data source. Layer 'parks' uses geopackage provider.`,
    );
  });
});
