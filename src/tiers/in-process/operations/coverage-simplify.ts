import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import { simplestForm } from '../simplest-form.js';
import type { Operation } from './operation.js';
import { Preparation } from './preparation.js';

/** Areas with fewer vertices whose common borders stay common (GEOS CoverageSimplifyVW). */
export const coverageSimplify: Operation = (context) => {
  const { expression, geos, messages, progress } = context;
  const { features, crs } = expression.features('features');
  const preparation = new Preparation(context, 'features');
  const result = geos.arena((): FeatureRecord[] => {
    const prepared = features.map((feature, index) => preparation.prepare(feature, index)?.pointer);
    const areas = prepared.filter((pointer) => pointer !== undefined);
    if (areas.length === 0) return features.map((feature) => ({ ...feature, geometry: null }));
    const coverage = geos.collect(areas);
    if (!geos.coverages.isValid(coverage))
      messages.push({
        level: 'warning',
        text: 'The areas overlap, or their common borders have other vertices on either side: there they may come apart.',
      });
    progress(30, 'Simplifying borders');
    const simplified = geos.coverages.members(
      geos.coverages.simplify(coverage, expression.number('tolerance')!, !expression.flag('simplifyOutline')),
    );
    let next = 0;
    return features.map((feature, index): FeatureRecord => {
      const geometry = prepared[index] === undefined ? null : geos.read(geos.orient(simplified[next++]!));
      return { ...feature, geometry: geometry && simplestForm(geometry) };
    });
  });
  preparation.report();
  return { result: { features: result, crs } };
};
