import type { Geometry } from 'geojson';
import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { leavingOut } from './slivers.js';
import { unionOf } from './dissolving.js';
import type { Operation } from './operation.js';
import { Preparation } from './preparation.js';

interface Group {
  values: Record<string, unknown>;
  features: FeatureRecord[];
}

/** One feature for each different value of the named attributes, in order of first appearance, borders dissolved. */
export const dissolve: Operation = (context) => {
  const { expression, progress } = context;
  const { features, crs } = expression.features('features');
  const groups = [...groupBy(features, expression.texts('by')).values()];
  const minimum = expression.area('minimumArea');
  const withoutSlivers = minimum ? leavingOut(crs, minimum) : (one: Geometry): Geometry | null => one;
  const preparation = new Preparation(context, 'features');
  const result = groups.map(({ values, features: members }, index): FeatureRecord => {
    progress((index / groups.length) * 100, `Dissolving group ${index + 1} of ${groups.length}`);
    const whole = unionOf(context, members, preparation);
    return { properties: values, geometry: whole && withoutSlivers(whole) };
  });
  preparation.report();
  return { result: { features: result, crs } };
};

/** Values are told apart as JSON, so 1 and "1" differ; a feature without the attribute counts as null. */
function groupBy(features: FeatureRecord[], attributes: string[]): Map<string, Group> {
  const unknown = attributes.find(
    (name) => features.length > 0 && !features.some(({ properties }) => has(properties, name)),
  );
  if (unknown !== undefined) {
    throw invalidInput(`/inputs/by: no feature has the attribute ${JSON.stringify(unknown).slice(0, 80)}`, [
      { path: '/inputs/by', message: 'names an attribute that no feature has' },
    ]);
  }
  const groups = new Map<string, Group>();
  for (const feature of features) {
    const pairs = attributes.map(
      (name) => [name, has(feature.properties, name) ? feature.properties[name] : null] as const,
    );
    const key = JSON.stringify(pairs);
    const group = groups.get(key);
    if (group) group.features.push(feature);
    else groups.set(key, { values: Object.fromEntries(pairs), features: [feature] });
  }
  return groups;
}

const has = (properties: FeatureRecord['properties'], name: string): properties is Record<string, unknown> =>
  properties !== null && Object.hasOwn(properties, name);
