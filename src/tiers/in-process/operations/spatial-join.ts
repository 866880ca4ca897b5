import type { FeatureRecord, Predicate } from '../../../geometry-codecs/worker.js';
import { eachFeature } from './each-feature.js';
import { boundsOf } from '../bounds.js';
import { JoinedNames } from './joined-names.js';
import type { Operation } from './operation.js';
import { type LayerMember, OverlayLayer, requireSameCrs } from './overlay-layer.js';
import { Preparation } from './preparation.js';

/** Each feature with the attributes of the features of another input that lie to it as the predicate says. */
export const spatialJoin: Operation = (context) => {
  const { expression, geos } = context;
  const subject = expression.features('features');
  const other = expression.features('join');
  requireSameCrs(['features', subject], ['join', other]);
  const predicate = (expression.text('predicate') ?? 'intersects') as Predicate;
  const toMany = expression.text('type') === 'one-to-many';
  const keepUnmatched = expression.flag('keepUnmatched');
  const names = JoinedNames.of(context, subject.features, other.features);
  const preparation = new Preparation(context, 'features', true);
  const result = geos.arena(() => {
    const layer = OverlayLayer.of(context, 'join', true);
    return eachFeature(context, subject.features, 'Joining', (feature, index): FeatureRecord[] => {
      const prepared = preparation.prepare(feature, index);
      const partners = prepared
        ? layer
            .near(boundsOf(prepared.geometry))
            .filter(({ test }) => test.holds(predicate, prepared.pointer))
        : [];
      if (partners.length === 0)
        return keepUnmatched ? [names.join(feature, null, { join_feature: null, join_count: 0 })] : [];
      const taken = toMany ? partners : partners.slice(0, 1);
      return taken.map((partner) =>
        names.join(feature, partner.feature, { join_feature: nameOf(partner), join_count: partners.length }),
      );
    });
  });
  preparation.report();
  return { result: { features: result.flat(), crs: subject.crs } };
};

const nameOf = ({ feature, index }: LayerMember): string | number => feature.id ?? index;
