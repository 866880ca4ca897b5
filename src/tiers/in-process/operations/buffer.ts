import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { geodesicBuffer } from '../geodesic/geodesic-buffer.js';
import { simplestForm } from '../simplest-form.js';
import { asMeant } from './as-meant.js';
import { distanceIn } from './distance-in.js';
import type { Operation } from './operation.js';
import { nameOf, Preparation, tell } from './preparation.js';

const DEFAULT_SEGMENTS = 16;
/** A micrometre on the ground, and as little in a plane, is below what coordinates can say. */
const NEGLIGIBLE = { globe: 1e-6, plane: 1e-12 };

/**
 * Everything within a distance of each feature. On longitude and latitude the distance is metres on the ground; in a
 * planar system it is in that system's units, unless the request names a unit. Nothing is dissolved between features.
 */
export const buffer: Operation = (context) => {
  const { expression, geos, progress } = context;
  const { features, crs } = expression.features('features');
  const distance = distanceIn(crs, expression.length('distance'));
  const segments = expression.number('segments') ?? DEFAULT_SEGMENTS;
  const preparation = new Preparation(context, 'features', true);
  const vanished: string[] = [];
  const unwrapped: string[] = [];
  const result = features.map((feature, index): FeatureRecord => {
    progress((index / features.length) * 100, `Buffering feature ${index + 1} of ${features.length}`);
    return geos.arena(() => {
      const drawn = crs.geographic
        ? asMeant(context, feature, () => unwrapped.push(nameOf(feature, index)))
        : feature;
      const prepared = preparation.prepare(drawn, index);
      if (!prepared) return { ...feature, geometry: null };
      if (Math.abs(distance) < (crs.geographic ? NEGLIGIBLE.globe : NEGLIGIBLE.plane))
        return { ...feature, geometry: prepared.geometry };
      const style = { distance, segments };
      const grown = crs.geographic
        ? geodesicBuffer(geos, prepared.geometry, style)
        : geos.buffer(prepared.pointer, style);
      const geometry = grown === null ? null : geos.read(geos.orient(grown));
      if (!geometry) vanished.push(nameOf(feature, index));
      return { ...feature, geometry: geometry && simplestForm(geometry) };
    });
  });
  preparation.report();
  tell(context, unwrapped, 'features that jump over the antimeridian were read the short way round');
  tell(context, vanished, 'features have nothing left at this distance');
  return { result: { features: result, crs } };
};
