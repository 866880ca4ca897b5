import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import type { Cell, Row } from '../../../registry/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { STATISTICS } from '../statistics.js';
import type { Operation } from './operation.js';

/** A row for each group of features with its statistics of attributes, in order of first appearance. */
export const summaryStatistics: Operation = ({ expression, messages }) => {
  const { features } = expression.features('features');
  const wanted = expression.rows('statistics') as { attribute: string; statistic: string }[];
  for (const { attribute } of wanted)
    if (
      features.length > 0 &&
      !features.some(({ properties }) => properties && Object.hasOwn(properties, attribute))
    )
      throw invalidInput(`/inputs/statistics: no feature has the attribute ${attribute}.`, [
        { path: '/inputs/statistics', message: `no feature has the attribute ${attribute}` },
      ]);
  const by = expression.texts('by');
  const noNumbers = new Set<string>();
  const table = [...groupsOf(features, by).values()].map((members): Row => {
    const row: Row = Object.fromEntries(by.map((name) => [name, cellOf(members[0]!, name)]));
    row.features = members.length;
    for (const { attribute, statistic } of wanted) {
      const cells = members.map((feature) => cellOf(feature, attribute)).filter((cell) => cell !== null);
      const numbers = cells.filter((cell) => typeof cell === 'number');
      if (numbers.length < cells.length) noNumbers.add(attribute);
      row[`${statistic}_${attribute}`] = STATISTICS[statistic]!(numbers);
    }
    return row;
  });
  for (const attribute of noNumbers)
    messages.push({ level: 'warning', text: `Values of ${attribute} that are no numbers were left out.` });
  return { table };
};

function groupsOf(features: FeatureRecord[], by: string[]): Map<string, FeatureRecord[]> {
  const groups = new Map<string, FeatureRecord[]>();
  for (const feature of features) {
    const key = JSON.stringify(by.map((name) => cellOf(feature, name)));
    const known = groups.get(key);
    if (known) known.push(feature);
    else groups.set(key, [feature]);
  }
  return groups;
}

/** An attribute as a table can have it; structure as its JSON. */
function cellOf({ properties }: FeatureRecord, name: string): Cell {
  const value = properties && Object.hasOwn(properties, name) ? properties[name] : null;
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
}
