import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import type { TierName } from '../../registry/index.js';
import type { Principal } from '../../shared/principal.js';
import { smallestUuidV7 } from '../../shared/uuid-v7.js';
import { RUN_LIFETIME_MS } from '../run/run-window.js';

export interface UsageFilter {
  tenant?: string;
  processId?: string;
  tier?: TierName;
  /** UTC days, `2026-11-26`; both are meant. */
  from: string;
  to: string;
}

/** What the runs of one tenant, process and tier that ended on one UTC day used. Times in ms. */
export interface UsageRow {
  day: string;
  tenant: string;
  process: string;
  /** null: it was never started. */
  tier: string | null;
  runs: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  costUnits: number;
  cpuMs: number;
  wallMs: number;
  /** Of requests and results. */
  bytes: number;
}

/** Usage by day, tenant, process and tier, added up from the runs themselves. */
export class GetUsage extends Query<UsageRow[]> {
  constructor(
    readonly principal: Principal,
    readonly filter: UsageFilter,
  ) {
    super();
  }
}

/** The id bound prunes months: a run ends within days of its submission, never before it. */
const STATEMENT = `
  select to_char(completed_at at time zone 'UTC', 'YYYY-MM-DD') as day, tenant_id as tenant, process_id as process, tier,
         count(*)::int as runs, (count(*) filter (where state = 'succeeded'))::int as succeeded,
         (count(*) filter (where state = 'failed'))::int as failed,
         (count(*) filter (where state = 'cancelled'))::int as cancelled,
         coalesce(sum(cost_units), 0)::float8 as "costUnits", coalesce(sum(cpu_ms), 0)::float8 as "cpuMs",
         coalesce(sum(wall_ms), 0)::float8 as "wallMs", coalesce(sum(bytes), 0)::float8 as bytes
    from process_runs
   where completed_at >= $1::date::timestamp at time zone 'UTC'
     and completed_at < ($2::date + 1)::timestamp at time zone 'UTC'
     and id >= $3 and id < $4 and array_size is null -- its runs count, and it is none more
     and ($5::text is null or tenant_id = $5) and ($6::text is null or process_id = $6)
     and ($7::text is null or tier = $7)
   group by 1, 2, 3, 4
   order by 1, 2, 3, 4`;

/** Calls that have no run, such as those of the geometry service: the operation is their process. */
const CALLS = `
  select to_char(day, 'YYYY-MM-DD') as day, tenant_id as tenant, operation as process, null as tier,
         calls::int as runs, (calls - failures)::int as succeeded, failures::int as failed, 0 as cancelled,
         compute_ms / 1000.0 * $5::float8 as "costUnits", compute_ms::float8 as "cpuMs",
         compute_ms::float8 as "wallMs", 0::float8 as bytes
    from metered_calls
   where day >= $1::date and day <= $2::date
     and ($3::text is null or tenant_id = $3) and ($4::text is null or operation = $4)
   order by 1, 2, 3`;

@QueryHandler(GetUsage)
export class GetUsageHandler implements IQueryHandler<GetUsage> {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
  ) {}

  async execute({ filter }: GetUsage): Promise<UsageRow[]> {
    const { from, to, tenant = null, processId = null, tier = null } = filter;
    const { floor, ceil } = idsOfDays(from, to);
    return this.database.asSystem(async (manager) => {
      const runs = await manager.query<UsageRow[]>(STATEMENT, [
        from,
        to,
        floor,
        ceil,
        tenant,
        processId,
        tier,
      ]);
      if (tier !== null) return runs;
      const price = this.config.cost['in-process'].cpuSecond;
      return [...runs, ...(await manager.query<UsageRow[]>(CALLS, [from, to, tenant, processId, price]))];
    });
  }
}

const DAY_MS = 86_400_000;

/** Bounds of the ids that runs ended on these days can have. */
function idsOfDays(from: string, to: string): { floor: string; ceil: string } {
  const at = (day: string, offsetMs: number): string =>
    smallestUuidV7(new Date(Math.max(0, Date.parse(day) + offsetMs)));
  return { floor: at(from, -2 * RUN_LIFETIME_MS), ceil: at(to, 2 * DAY_MS) };
}
