import type { Fault } from './app-error.js';

type Plain = string | number | boolean;

/** One condition on one attribute. */
export type Comparison =
  | { field: string; operator: '=' | '<>' | '<' | '<=' | '>' | '>='; value: Plain }
  | { field: string; operator: 'in'; value: Plain[] }
  | { field: string; operator: 'null' | 'not null'; value?: undefined };

const OPERATORS = ['=', '<>', '<', '<=', '>', '>='];
const MOST_VALUES = 1_000;
const MOST_FIELDS = 100;

/**
 * `{"state": "08"}` is equality, `{"state": ["08", "49"]}` one of several, `{"closed": null}` no value, and
 * `{"people": {">=": 1000, "<": 5000}}` comparisons.
 */
export function readComparisons(filter: unknown): (Comparison | Fault)[] {
  if (!isObject(filter) || Object.keys(filter).length > MOST_FIELDS)
    return [
      { path: '/filter', message: `must be an object of up to ${MOST_FIELDS} attributes and conditions` },
    ];
  return Object.entries(filter).flatMap(([field, condition]) => readCondition(field, condition));
}

function readCondition(field: string, condition: unknown): (Comparison | Fault)[] {
  const path = `/filter/${field}`;
  if (condition === null) return [{ field, operator: 'null' }];
  if (isPlain(condition)) return [{ field, operator: '=', value: condition }];
  if (Array.isArray(condition)) {
    if (condition.length <= MOST_VALUES && condition.every(isPlain))
      return [{ field, operator: 'in', value: condition }];
    return [{ path, message: `must be up to ${MOST_VALUES} texts, numbers, true or false` }];
  }
  if (!isObject(condition) || Object.keys(condition).length === 0)
    return [{ path, message: `must be a value, an array of values, or an object of ${OPERATORS.join(' ')}` }];
  return Object.entries(condition).map(([operator, value]): Comparison | Fault => {
    if (!OPERATORS.includes(operator))
      return { path: `${path}/${operator}`, message: `is no comparison; there are ${OPERATORS.join(' ')}` };
    if (value === null && operator === '<>') return { field, operator: 'not null' };
    if (!isPlain(value))
      return { path: `${path}/${operator}`, message: 'must be a text, a number, true or false' };
    return { field, operator, value } as Comparison;
  });
}

/** Whether attributes meet every condition: numbers as numbers, everything else as text. Null meets none but its own. */
export const meets = (properties: Record<string, unknown>, filter: Comparison[]): boolean =>
  filter.every((comparison) =>
    holds(Object.hasOwn(properties, comparison.field) ? properties[comparison.field] : null, comparison),
  );

function holds(given: unknown, comparison: Comparison): boolean {
  const absent = given === null || given === undefined;
  if (comparison.operator === 'null') return absent;
  if (absent) return false;
  switch (comparison.operator) {
    case 'not null':
      return true;
    case 'in':
      return comparison.value.some((value) => order(given, value) === 0);
    case '=':
      return order(given, comparison.value) === 0;
    case '<>':
      return order(given, comparison.value) !== 0;
    case '<':
      return order(given, comparison.value) < 0;
    case '<=':
      return order(given, comparison.value) <= 0;
    case '>':
      return order(given, comparison.value) > 0;
    case '>=':
      return order(given, comparison.value) >= 0;
  }
}

/** Below, at or above 0, as `given` is to `value`; NaN where a number is compared with what is none. */
function order(given: unknown, value: Plain): number {
  if (typeof given === 'number' || typeof given === 'bigint') return Number(given) - Number(value);
  const [a, b] = [String(given), String(value)];
  return a < b ? -1 : Number(a > b);
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
