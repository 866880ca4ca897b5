import { Injectable } from '@nestjs/common';
import { Database } from '../../database/index.js';
import { runWindow } from '../run/run-window.js';
import type { BudgetLimits, Spending } from './check-budget.js';

/** Far from a limit what was read may be this old; the insert of a run looks again, under a lock. */
const FRESH_MS = 1_000;

type Read = Pick<Spending, 'dayUnits' | 'monthUnits' | 'dayCpuSeconds' | 'reservedUnits'>;

/** What tenants with a budget, or a limit of processor time, have spent and reserved. */
@Injectable()
export class TenantSpending {
  private readonly known = new Map<string, { at: number; read: Read }>();

  constructor(private readonly database: Database) {}

  /** Undefined: nothing is counted for this tenant. */
  async of(tenant: string, limits: BudgetLimits): Promise<Spending | undefined> {
    const { maxCostUnitsPerDay: day, maxCostUnitsPerMonth: month, maxCpuSecondsPerDay: cpu } = limits;
    if (day === null && month === null && cpu === null) return undefined;
    const { at, read } = this.known.get(tenant) ?? {};
    const far =
      read &&
      (read.dayUnits + read.reservedUnits) * 2 < (day ?? Infinity) &&
      (read.monthUnits + read.reservedUnits) * 2 < (month ?? Infinity) &&
      read.dayCpuSeconds * 2 < (cpu ?? Infinity);
    if (far && performance.now() - at! < FRESH_MS) return { ...read, ...secondsLeft(new Date()) };
    const fresh = await this.read(tenant);
    this.known.set(tenant, { at: performance.now(), read: fresh });
    return { ...fresh, ...secondsLeft(new Date()) };
  }

  /** It is read again when next asked for. */
  forget(tenant: string): void {
    this.known.delete(tenant);
  }

  private async read(tenant: string): Promise<Read> {
    const { floor, ceil } = runWindow();
    const [row] = await this.database.asSystem((manager) =>
      manager.query<[Read]>(
        `select day_units as "dayUnits", month_units as "monthUnits", day_cpu_ms / 1000 as "dayCpuSeconds",
                reserved_units as "reservedUnits" from spending($1, $2, $3)`,
        [tenant, floor, ceil],
      ),
    );
    return row;
  }
}

function secondsLeft(now: Date): Pick<Spending, 'daySecondsLeft' | 'monthSecondsLeft'> {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const until = (at: number): number => Math.ceil((at - now.getTime()) / 1000);
  return {
    daySecondsLeft: until(Date.UTC(year, month, day + 1)),
    monthSecondsLeft: until(Date.UTC(year, month + 1, 1)),
  };
}
