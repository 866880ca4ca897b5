/** Whatever call into the engine fails, no operation goes on as if it had given something. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FeatureSet, Geos, readFeatures } from '../../../geometry-codecs/worker.js';
import { loadDefinition, type ProcessDefinition } from '../../../registry/index.js';
import { compileExpression } from '../../../registry/worker.js';
import { runOperation } from '../worker/run-operation.js';

/** Calls that give no geometry and no yes or no: they free, count, set a choice, or read what is there. */
const CANNOT_FAIL =
  /_destroy_r$|Params_set|GeomTypeId|GetNum|HasZ|_GEOSFree_r|CoordSeq_(destroy|copyToBuffer|getSize)/;
/** A repair that fails is tried another way, and its result is checked for validity. */
const TRIED_AGAIN = /MakeValidWithParams/;
const ASKS = /isValid|CoverageIsValid|isEmpty|Intersects|Covers|Prepared(?!Geom)|GEOSEquals/;
/** What a number of 0 would not tell. */
const SAYS_MINUS_ONE = /OrientPolygons|getDimensions/;

const WITHOUT_ENGINE = [
  'reproject',
  'h3-binning',
  'delaunay',
  'densify',
  'count-by-time',
  'summary-statistics',
  'table-to-points',
];

let geos: Geos;
beforeAll(async () => {
  geos = await Geos.start();
});

const definitions = readdirSync('processes')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => loadDefinition(file, readFileSync(`processes/${file}`, 'utf8')).entry!.definition)
  .filter(({ handlers, id }) => handlers['in-process'] && id !== 'echo');

async function compute(
  definition: ProcessDefinition,
  example: number,
): Promise<{ ok: boolean; reason?: string }> {
  const inputs = Object.entries(definition.examples[example]!.inputs).map(([name, value]) => ({
    name,
    path: `/inputs/${name}`,
    values: [{ value, path: `/inputs/${name}` }],
  }));
  const { expression } = compileExpression<FeatureSet>(definition, inputs, ({ value, path }) =>
    readFeatures(value, { maxFeatures: 1e5, maxVertices: 1e6, path }),
  );
  const request = {
    expression,
    options: { response: 'raw' as const },
    summary: { bytes: 0, features: 0, vertices: 0, scalars: {} },
  };
  const limits = { maxOutputFeatures: 1e5, maxOutputBytes: 1e8 };
  const { computed } = await runOperation(geos, request, { definition, limits, progress: () => {} });
  return computed.ok ? { ok: true } : { ok: false, reason: computed.failure.reason };
}

/** The engine's functions an example calls, with `broken` failing at its first call. */
async function calls(work: () => Promise<unknown>, broken?: string): Promise<Set<string>> {
  const raw = geos.heap.raw as Record<string, unknown>;
  const called = new Set<string>();
  const originals = Object.entries(raw).filter(
    ([name, value]) => /^_GEOS.*_r$/.test(name) && typeof value === 'function',
  );
  for (const [name, original] of originals) {
    raw[name] = (...parameters: number[]): number => {
      const fails = name === broken && !called.has(name);
      called.add(name);
      if (fails) return ASKS.test(name) ? 2 : SAYS_MINUS_ONE.test(name) ? -1 : 0;
      return (original as (...parameters: number[]) => number)(...parameters);
    };
  }
  try {
    await work();
  } finally {
    for (const [name, original] of originals) raw[name] = original;
  }
  return called;
}

describe.each(
  definitions.map((definition) => [`${definition.id} ${definition.version}`, definition] as const),
)('%s', (_, definition) => {
  it('fails when the engine does', async () => {
    let tried = 0;
    for (const example of definition.examples.keys()) {
      const called = await calls(async () =>
        expect(await compute(definition, example)).toEqual({ ok: true }),
      );
      for (const name of [...called].filter((one) => !CANNOT_FAIL.test(one) && !TRIED_AGAIN.test(one))) {
        await calls(async () => {
          const { ok } = await compute(definition, example);
          expect({ name, ok }).toEqual({ name, ok: false });
          tried++;
        }, name);
      }
      expect(await compute(definition, example)).toEqual({ ok: true });
    }
    if (!WITHOUT_ENGINE.includes(definition.id)) expect(tried).toBeGreaterThan(2);
  });
});
