import type { EffectiveLimits } from '../policy/tenant-limits.js';
import type { Refused } from './admission-decision.js';

/** Of the UTC day and month, and reserved by runs that have not ended. */
export interface Spending {
  dayUnits: number;
  monthUnits: number;
  dayCpuSeconds: number;
  reservedUnits: number;
  /** Seconds until the next day and month begin. */
  daySecondsLeft: number;
  monthSecondsLeft: number;
}

export type BudgetLimits = Pick<
  EffectiveLimits,
  | 'maxCpuSecondsPerDay'
  | 'maxCostUnitsPerDay'
  | 'maxCostUnitsPerMonth'
  | 'budgetWarnAt'
  | 'budgetAsyncOnlyAt'
  | 'budgetReviewAt'
>;

export interface BudgetStanding {
  refusal?: Omit<Refused, 'admitted' | 'rejectedTiers'>;
  warning?: string;
  asyncOnly?: string;
  review?: string;
}

const DAY_SECONDS = 86_400;

/** Where a run of this estimate leaves the tenant's budgets: refused beyond them, and what is to happen near them. */
export function checkBudget(estimate: number, spending: Spending, limits: BudgetLimits): BudgetStanding {
  const { dayUnits, monthUnits, dayCpuSeconds, reservedUnits, daySecondsLeft, monthSecondsLeft } = spending;
  const { maxCpuSecondsPerDay: maxCpu } = limits;
  if (maxCpu !== null && dayCpuSeconds >= maxCpu)
    return {
      refusal: {
        kind: 'rejected',
        code: 'cpu-seconds-spent',
        reason: `The runs of today took ${round(dayCpuSeconds)} s of processor time, the limit is ${maxCpu} s a day (UTC).`,
        retryAfterSeconds: daySecondsLeft,
        quota: {
          name: 'cpu-seconds',
          limit: maxCpu,
          remaining: 0,
          resetSeconds: daySecondsLeft,
          windowSeconds: DAY_SECONDS,
        },
      },
    };
  const budgets = [
    { of: 'day', limit: limits.maxCostUnitsPerDay, spent: dayUnits, left: daySecondsLeft },
    { of: 'month', limit: limits.maxCostUnitsPerMonth, spent: monthUnits, left: monthSecondsLeft },
  ].flatMap(({ limit, ...rest }) => (limit === null ? [] : [{ limit, ...rest }]));
  let nearest = 0;
  let told = '';
  for (const { of, limit, spent, left } of budgets) {
    const taken = spent + reservedUnits;
    const standing = `${round(spent)} of ${limit} cost units of this ${of} (UTC) are spent and ${round(reservedUnits)} reserved`;
    if (taken + estimate > limit)
      return {
        refusal: {
          kind: 'payment-required',
          code: 'budget-spent',
          reason: `${standing}; the run is estimated at ${round(estimate)}. Wait for running work to settle or for the next ${of}, or ask for a larger budget.`,
          retryAfterSeconds: left,
          quota: {
            name: `cost-units-${of}`,
            limit,
            remaining: Math.max(0, limit - taken),
            resetSeconds: left,
          },
        },
      };
    const share = (taken + estimate) / limit;
    if (share <= nearest) continue;
    nearest = share;
    told = `${standing}.`;
  }
  const reached = (at: number | null): string | undefined =>
    at !== null && nearest >= at && budgets.length > 0 ? `The budget is nearly spent: ${told}` : undefined;
  return {
    warning: reached(limits.budgetWarnAt),
    asyncOnly: reached(limits.budgetAsyncOnlyAt),
    review: reached(limits.budgetReviewAt),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
