import type { FeatureRecord, Pointer } from '../../../geometry-codecs/worker.js';
import { drawnTogether } from '../geodesic/short-way.js';
import { asOnePiece } from './as-meant.js';
import { eachFeature } from './each-feature.js';
import type { OperationContext } from './operation.js';
import { Preparation, type Prepared } from './preparation.js';

/**
 * One outline around all features together, or one around each, as the input `scope` says. Of all together the result
 * has the attribute `feature_count`; around each, the feature keeps its id and attributes. Invalid geometry is taken as
 * it is: an outline depends on the vertices alone. On longitude and latitude, what crosses the antimeridian is drawn with
 * longitudes that run on beyond 180°.
 */
export function outlined(
  context: OperationContext,
  doing: string,
  draw: (prepared: Prepared) => Partial<FeatureRecord>,
): FeatureRecord[] {
  const { expression, geos } = context;
  const { features: given, crs } = expression.features('features');
  const features = crs.geographic
    ? given.map((feature) => geos.arena(() => asOnePiece(context, feature)))
    : given;
  const preparation = new Preparation(context, 'features');
  if (expression.text('scope') === 'each') {
    return eachFeature(context, features, doing, (feature, index): FeatureRecord => {
      const prepared = preparation.prepare(feature, index);
      if (!prepared) return { ...feature, geometry: null };
      const { properties, ...drawn } = draw(prepared);
      return {
        ...feature,
        ...drawn,
        properties: properties ? { ...feature.properties, ...properties } : feature.properties,
      };
    });
  }
  return geos.arena(() => {
    const all = features.flatMap((feature, index) => preparation.prepare(feature, index) ?? []);
    if (all.length === 0) return [];
    const { properties, ...drawn } = draw(
      crs.geographic ? drawnAsOne(context, all) : collected(context, all),
    );
    return [{ geometry: null, ...drawn, properties: { feature_count: all.length, ...properties } }];
  });
}

function collected({ geos }: OperationContext, all: Prepared[]): Prepared {
  if (all.length === 1) return all[0]!;
  const pointer: Pointer = geos.collect(all.map((one) => one.pointer));
  return { pointer, geometry: { type: 'GeometryCollection', geometries: all.map((one) => one.geometry) } };
}

function drawnAsOne(context: OperationContext, all: Prepared[]): Prepared {
  const collection = collected(context, all);
  const geometry = drawnTogether(collection.geometry);
  return geometry === collection.geometry ? collection : { geometry, pointer: context.geos.write(geometry) };
}
