/** Statistics of numbers, by the names that inputs have for them. Each of nothing is null, but for the counts. */
export const STATISTICS: Record<string, (values: number[]) => number | null> = {
  count: (values) => values.length,
  distinct: (values) => new Set(values).size,
  sum: ofSome(total),
  mean: ofSome(mean),
  minimum: ofSome((values) => values.reduce((least, one) => Math.min(least, one))),
  maximum: ofSome((values) => values.reduce((most, one) => Math.max(most, one))),
  range: ofSome((values) => STATISTICS.maximum!(values)! - STATISTICS.minimum!(values)!),
  median: ofSome(median),
  variance,
  'standard-deviation': (values) => root(variance(values)),
};

function ofSome(statistic: (values: number[]) => number): (values: number[]) => number | null {
  return (values) => (values.length === 0 ? null : statistic(values));
}

/** By Neumaier's summation: what a large sum swallows of small values is added at the end. */
function total(values: number[]): number {
  let [sum, lost] = [0, 0];
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

function mean(values: number[]): number {
  return total(values) / values.length;
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of a sample: by one less than their number, and null for a single one. */
function variance(values: number[]): number | null {
  if (values.length < 2) return null;
  const centre = mean(values);
  return total(values.map((value) => (value - centre) ** 2)) / (values.length - 1);
}

const root = (value: number | null): number | null => value && Math.sqrt(value);
