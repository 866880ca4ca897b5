import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/index.js';
import { ExecutionTiers, type TierCapacity, type TierHealth } from '../../execution/index.js';
import { TIER_NAMES, type TierName } from '../../registry/index.js';
import type { Principal } from '../../shared/principal.js';
import { runWindow } from '../run/run-window.js';
import { type Drained, DrainedTiers } from '../scheduling/drained-tiers.js';

export interface TierState {
  tier: TierName;
  /** Whether this server has it. */
  present: boolean;
  health?: TierHealth;
  /** Of this server alone. */
  capacity?: TierCapacity;
  drained?: Drained;
  /** Over all servers. */
  queued: number;
  running: number;
}

/** How the tiers are, and what waits and runs there. */
export class GetTiers extends Query<TierState[]> {
  constructor(readonly principal: Principal) {
    super();
  }
}

@QueryHandler(GetTiers)
export class GetTiersHandler implements IQueryHandler<GetTiers> {
  constructor(
    private readonly database: Database,
    private readonly tiers: ExecutionTiers,
    private readonly drained: DrainedTiers,
  ) {}

  async execute(): Promise<TierState[]> {
    const counts = await this.count();
    return Promise.all(
      TIER_NAMES.map(async (name): Promise<TierState> => {
        const tier = this.tiers.find(name);
        const { queued = 0, running = 0 } = counts.get(name) ?? {};
        return {
          tier: name,
          present: tier !== undefined,
          health: await tier?.health().catch((error: Error) => ({ healthy: false, detail: error.message })),
          capacity: tier?.capacity(),
          drained: this.drained.find(name),
          queued,
          running,
        };
      }),
    );
  }

  private async count(): Promise<Map<string, { queued: number; running: number }>> {
    const { floor, ceil } = runWindow();
    const rows = await this.database.asSystem((manager) =>
      manager.query<{ tier: string; queued: number; running: number }[]>(
        `select case state when 'queued' then lane else tier end as tier,
                (count(*) filter (where state = 'queued'))::int as queued,
                (count(*) filter (where state = 'running'))::int as running
           from process_runs where state in ('queued', 'running') and id >= $1 and id < $2 group by 1`,
        [floor, ceil],
      ),
    );
    return new Map(rows.map(({ tier, ...counts }) => [tier, counts]));
  }
}
