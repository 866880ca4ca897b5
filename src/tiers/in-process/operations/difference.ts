import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import type { Operation, OperationContext } from './operation.js';
import { OverlayLayer, requireSameCrs, together } from './overlay-layer.js';
import { simplestForm } from '../simplest-form.js';

/** Each feature without what the overlay covers. Features with nothing left are left out. */
export const difference: Operation = (context) =>
  overlaid(context, (features, overlay) => without(context, features, overlay));

/** What is covered by one input alone: each feature of either without what the other covers. */
export const symmetricDifference: Operation = (context) =>
  overlaid(context, (features, overlay) => {
    const first = without(context, features, overlay);
    const taken = new Set(first.map(({ id }) => id));
    const second = without(context, overlay, features).map(({ id, ...feature }): FeatureRecord =>
      id === undefined || taken.has(id) ? feature : { id, ...feature },
    );
    return [...first, ...second];
  });

function overlaid(
  context: OperationContext,
  work: (features: OverlayLayer, overlay: OverlayLayer) => FeatureRecord[],
): ReturnType<Operation> {
  const { expression, geos } = context;
  const [features, overlay] = [expression.features('features'), expression.features('overlay')];
  requireSameCrs(['features', features], ['overlay', overlay]);
  const result = geos.arena(() =>
    work(OverlayLayer.of(context, 'features'), OverlayLayer.of(context, 'overlay')),
  );
  return { result: { features: result, crs: features.crs } };
}

function without(context: OperationContext, subjects: OverlayLayer, others: OverlayLayer): FeatureRecord[] {
  const { geos, progress } = context;
  return subjects.members.flatMap((subject, at): FeatureRecord[] => {
    progress((at / subjects.members.length) * 100, `Cutting feature ${subject.index + 1}`);
    return geos.arena(() => {
      const met = others.meeting(subject);
      if (met.length === 0) return [{ ...subject.feature, geometry: subject.geometry }];
      if (met.some(({ test }) => test.covers(subject.pointer))) return [];
      const erasers = met.map(({ pointer }) => pointer);
      const rest = geos.read(geos.orient(geos.difference(subject.pointer, together(context, erasers))));
      return rest ? [{ ...subject.feature, geometry: simplestForm(rest) }] : [];
    });
  });
}
