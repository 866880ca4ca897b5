import type { FeatureCollection } from 'geojson';
import { expect } from 'vitest';
import { withClient } from '../../launcher/private-cluster.ts';
import type { Attempt, Outcome } from '../../src/execution/index.js';
import type { ProcessDefinition } from '../../src/registry/index.js';
import { createTestDatabase } from './database.js';
import {
  attemptOf,
  outcomeOf,
  outputsOf,
  startInProcessTier,
  startPostgisTier,
  type TierHarness,
} from './tier-harness.js';

type Limits = Partial<Attempt['limits']>;

/** Equal but for the last digits of numbers. */
export function expectAlike(ours: FeatureCollection, theirs: FeatureCollection): void {
  expect(theirs.features).toHaveLength(ours.features.length);
  const digits = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(11)) + 0 : value;
  expect(JSON.parse(JSON.stringify(theirs), digits)).toEqual(JSON.parse(JSON.stringify(ours), digits));
}

/** Tier 1 and tier 2 beside each other, to be held to each other. */
export class BothTiers {
  private constructor(
    readonly databaseUrl: string,
    private readonly inProcess: TierHarness,
    private readonly postgis: TierHarness,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(): Promise<BothTiers> {
    const database = await createTestDatabase();
    const longer = { Tier2__Classes__CpuBurst__StatementTimeout: '60s' };
    return new BothTiers(
      database.url,
      await startInProcessTier(),
      await startPostgisTier(database.url, longer),
      () => database.drop(),
    );
  }

  /** The result of either tier, which must succeed: [tier 1, tier 2]. */
  async results(definition: ProcessDefinition, inputs: object, limits?: Limits): Promise<[any, any]> {
    const attempt = attemptOf(definition, { inputs }, limits);
    const outputs = await Promise.all([
      outputsOf(this.inProcess, attempt),
      outputsOf(this.postgis, { ...attempt, tier: 'postgis' }),
    ]);
    return outputs.map(({ result }) => result) as [any, any];
  }

  async resultOfTier1(definition: ProcessDefinition, inputs: object): Promise<any> {
    return (await outputsOf(this.inProcess, attemptOf(definition, { inputs }))).result;
  }

  async outcomes(
    definition: ProcessDefinition,
    inputs: object,
    limits?: Limits,
  ): Promise<[Outcome, Outcome]> {
    const attempt = attemptOf(definition, { inputs }, limits);
    return Promise.all([
      outcomeOf(this.inProcess.tier, attempt),
      outcomeOf(this.postgis.tier, { ...attempt, tier: 'postgis' }),
    ]);
  }

  /** Why tier 2 leaves a request to the next tier; undefined if it does not. */
  async refusal(definition: ProcessDefinition, inputs: object): Promise<string | undefined> {
    const started = await this.postgis.tier.start({
      ...attemptOf(definition, { inputs }),
      tier: 'postgis',
    });
    return started.kind === 'refused' ? started.reason : undefined;
  }

  /** Calls a procedure as tier 2 does, past every check of the request, with a value in place of each number in turn. */
  async expectFiniteNumbers(procedure: string, request: Record<string, unknown>): Promise<void> {
    await withClient(this.databaseUrl, async (client) => {
      const call = async (changed: object): Promise<unknown> => {
        await client.query('begin');
        await client.query('set local role honua_tier2');
        await client.query(`select honua_gp.stage_features('features', 0, 'repair', $1)`, [
          JSON.stringify([[null, '{"value":1}', '01010000000000000000000000000000000000F03F']]),
        ]);
        const answer = await client
          .query(`select * from honua_gp.${procedure}($1)`, [JSON.stringify({ ...request, ...changed })])
          .then(
            () => undefined,
            (error: Error & { code: string }) => error.code,
          );
        await client.query('rollback');
        return answer;
      };
      expect(await call({})).toBeUndefined();
      const changes = Object.entries(request).flatMap(([name, value]): ((wrong: string) => object)[] => {
        if (typeof value === 'number') return [(wrong) => ({ [name]: wrong })];
        if (!Array.isArray(value)) return [];
        return value.map((_, at) => (wrong) => ({ [name]: value.with(at, wrong) }));
      });
      for (const change of changes)
        for (const wrong of ['NaN', 'Infinity', '-Infinity'])
          expect([change(wrong), await call(change(wrong))]).toEqual([change(wrong), 'HG002']);
    });
  }

  async close(): Promise<void> {
    await this.inProcess.close();
    await this.postgis.close();
    await this.drop();
  }
}
