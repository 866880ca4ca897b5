import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { Neighbours } from '../proximity/neighbours.js';
import { asMeant } from './as-meant.js';
import { distanceIn } from './distance-in.js';
import { eachFeature } from './each-feature.js';
import { JoinedNames } from './joined-names.js';
import type { Operation, OperationContext } from './operation.js';
import { requireSameCrs } from './overlay-layer.js';
import { Preparation, type Prepared } from './preparation.js';

/** Each feature with the attributes of the nearest features of another input, and how far they are. */
export const nearest: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const count = expression.number('count') ?? 1;
  const within = expression.has('maxDistance') ? distanceIn(crs, expression.length('maxDistance')) : Infinity;
  const names = JoinedNames.of(context, features, expression.features('to').features);
  const preparation = new Preparation(context, 'features', true);
  const unit = crs.geographic ? 1 : crs.metersPerUnit;
  const result = geos.arena(() => {
    const neighbours = neighboursOf(context, 'to');
    return eachFeature(context, features, 'Finding neighbours of', (feature, index): FeatureRecord[] => {
      const prepared = prepareAsMeant(context, preparation, feature, index);
      const found = prepared ? neighbours.nearest(prepared, count, within) : [];
      const joined = found.map((one, at) =>
        names.join(feature, one.feature, {
          nearest_feature: one.feature.id ?? one.index,
          nearest_rank: at + 1,
          distance_m: one.distance * unit,
        }),
      );
      if (joined.length > 0 || !expression.flag('keepUnmatched')) return joined;
      return [names.join(feature, null, { nearest_feature: null, nearest_rank: null, distance_m: null })];
    });
  });
  preparation.report();
  return { result: { features: result.flat(), crs } };
};

/** How far each feature is from the nearest of another input, and the shortest of these distances. */
export const distance: Operation = (context) => {
  const { expression, geos } = context;
  const { features, crs } = expression.features('features');
  const preparation = new Preparation(context, 'features', true);
  const unit = crs.geographic ? 1 : crs.metersPerUnit;
  const result = geos.arena(() => {
    const neighbours = neighboursOf(context, 'to');
    requireGeometry(neighbours.count, 'to');
    return eachFeature(context, features, 'Measuring', (feature, index): FeatureRecord => {
      const prepared = prepareAsMeant(context, preparation, feature, index);
      const found = prepared && neighbours.nearest(prepared, 1)[0];
      const measured = {
        nearest_feature: found ? (found.feature.id ?? found.index) : null,
        distance_m: found ? found.distance * unit : null,
      };
      return { ...feature, properties: { ...feature.properties, ...measured } };
    });
  });
  preparation.report();
  const distances = result.flatMap(({ properties }) => (properties!.distance_m as number | null) ?? []);
  requireGeometry(distances.length, 'features');
  return { result: { features: result, crs }, shortest: distances.reduce((a, b) => Math.min(a, b)) };
};

function neighboursOf(context: OperationContext, input: string): Neighbours {
  const { expression, geos } = context;
  const [subject, others] = [expression.features('features'), expression.features(input)];
  requireSameCrs(['features', subject], [input, others]);
  const preparation = new Preparation(context, input, true);
  const candidates = others.features.flatMap((feature, index) => {
    const prepared = prepareAsMeant(context, preparation, feature, index);
    return prepared && !geos.isEmpty(prepared.pointer) ? [{ ...prepared, feature, index }] : [];
  });
  preparation.report();
  return new Neighbours(geos, candidates, others.crs.geographic);
}

function prepareAsMeant(
  context: OperationContext,
  preparation: Preparation,
  feature: FeatureRecord,
  index: number,
): Prepared | null {
  const { geographic } = context.expression.features('features').crs;
  const prepared = preparation.prepare(geographic ? asMeant(context, feature) : feature, index);
  return prepared && !context.geos.isEmpty(prepared.pointer) ? prepared : null;
}

function requireGeometry(count: number, input: string): void {
  if (count > 0) return;
  const message = 'has no geometry to measure from';
  throw invalidInput(`/inputs/${input}: ${message}`, [{ path: `/inputs/${input}`, message }]);
}
