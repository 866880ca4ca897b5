import { STATISTICS } from '../statistics.js';

const OF_ATTRIBUTE = ['sum', 'mean', 'minimum', 'maximum'] as const;

/** What lies in one cell. */
export interface Contents {
  count: number;
  numbers: number[];
}

export const EMPTY: Contents = { count: 0, numbers: [] };

/** The count, and of an attribute the statistics by its name; null where there is no number. */
export const statisticsOf =
  (attribute: string | undefined) =>
  ({ count, numbers }: Contents): Record<string, number | null> => {
    if (attribute === undefined) return { count };
    const statistics = OF_ATTRIBUTE.map((name) => [`${name}_${attribute}`, STATISTICS[name]!(numbers)]);
    return { count, ...Object.fromEntries(statistics) };
  };
