import type { Geometry } from 'geojson';
import type { Bounds, FeatureRecord, FeatureSet, Pointer } from '../../../geometry-codecs/worker.js';
import { invalidInput } from '../../../shared/app-error.js';
import { boundsOf, overlap } from './bounds.js';
import type { Operation, OperationContext } from './operation.js';
import { Preparation, type Prepared } from './preparation.js';
import { ofDimension, simplestForm } from './simplest-form.js';

interface Cutter {
  bounds: Bounds;
  pointer: Pointer;
}

/**
 * Each feature cut to what the overlay features cover together; it keeps its id and attributes. Features that have
 * nothing of their own kind in common with the overlay (polygons that only touch it, say) are left out.
 */
export const intersection: Operation = (context) => {
  const { expression, geos, progress } = context;
  const subject = expression.features('features');
  const overlay = expression.features('overlay');
  requireSameCrs(subject, overlay);
  const subjects = new Preparation(context, 'features');
  const overlays = new Preparation(context, 'overlay');
  const result = geos.arena(() => {
    const cutters = overlay.features.flatMap((feature, index): Cutter[] => {
      const prepared = overlays.prepare(feature, index);
      return prepared ? [{ bounds: boundsOf(prepared.geometry), pointer: prepared.pointer }] : [];
    });
    return subject.features.flatMap((feature, index): FeatureRecord[] => {
      progress(
        (index / subject.features.length) * 100,
        `Cutting feature ${index + 1} of ${subject.features.length}`,
      );
      const geometry = geos.arena(() => {
        const prepared = subjects.prepare(feature, index);
        return prepared && cut(context, prepared, cutters);
      });
      return geometry ? [{ ...feature, geometry }] : [];
    });
  });
  subjects.report();
  overlays.report();
  return { result: { features: result, crs: subject.crs } };
};

function requireSameCrs(subject: FeatureSet, overlay: FeatureSet): void {
  if (subject.crs.proj === overlay.crs.proj) return;
  const message = `is in ${overlay.crs.name}, but features is in ${subject.crs.name}; reproject one of them`;
  throw invalidInput(`/inputs/overlay: ${message}`, [{ path: '/inputs/overlay', message }]);
}

function cut(
  { geos }: OperationContext,
  { pointer, geometry }: Prepared,
  cutters: Cutter[],
): Geometry | null {
  const bounds = boundsOf(geometry);
  const pieces = cutters
    .filter((cutter) => overlap(bounds, cutter.bounds) && geos.intersects(pointer, cutter.pointer))
    .map((cutter) => geos.intersection(pointer, cutter.pointer));
  if (pieces.length === 0) return null;
  const whole = pieces.length === 1 ? pieces[0]! : geos.unaryUnion(geos.collect(pieces));
  const common = geos.read(geos.orient(whole));
  const kept = common && ofDimension(common, geometry);
  return kept && simplestForm(kept);
}
