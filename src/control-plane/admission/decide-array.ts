import type { AdmissionDecision, Admitted } from './admission-decision.js';
import { checkBudget } from './check-budget.js';
import type { AdmissionFacts } from './decide-admission.js';

/**
 * Whether runs that were each admitted may run together: by their budget, which sees their sum. What else is decided of
 * the whole is as of the first; each part keeps its own. Pure.
 */
export function decideArray(
  { spending, limits }: Pick<AdmissionFacts, 'spending' | 'limits'>,
  children: Admitted[],
): AdmissionDecision {
  const [first] = children as [Admitted];
  const estimatedCostUnits = sum(children.map((child) => child.estimatedCostUnits));
  const { refusal, review, warning } = spending ? checkBudget(estimatedCostUnits, spending, limits) : {};
  if (refusal) return { admitted: false, rejectedTiers: first.rejectedTiers, ...refusal };
  const approval =
    children.find((child) => child.approval)?.approval ??
    (review === undefined ? undefined : ({ state: 'pending', reason: review } as const));
  const { warnings: _, approval: __, ...rest } = first;
  return {
    ...rest,
    mode: 'async',
    reason: 'An array of runs is always asynchronous.',
    estimatedCostUnits,
    array: { size: children.length },
    ...(approval && { approval }),
    ...(warning && { warnings: [warning] }),
    measured: {
      bytes: sum(children.map(({ measured }) => measured?.bytes ?? 0)),
      features: sum(children.map(({ measured }) => measured?.features ?? 0)),
      vertices: sum(children.map(({ measured }) => measured?.vertices ?? 0)),
    },
  };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
