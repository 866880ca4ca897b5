import type { FeatureRecord } from '../../../geometry-codecs/worker.js';
import type { Operation } from './operation.js';
import { Preparation } from './preparation.js';

/** The areas that lines enclose, and what of the lines encloses none. */
export const polygonize: Operation = (context) => {
  const { expression, geos, messages, progress } = context;
  const { features, crs } = expression.features('features');
  const preparation = new Preparation(context, 'features');
  const unused: FeatureRecord[] = [];
  const result = geos.arena((): FeatureRecord[] => {
    const lines = features.flatMap((feature, index) => preparation.prepare(feature, index)?.pointer ?? []);
    if (lines.length === 0) return [];
    const all = geos.collect(lines);
    progress(10, 'Splitting lines where they meet');
    const noded = expression.flag('node') ? geos.unaryUnion(all) : all;
    progress(50, 'Finding areas');
    const { polygons, cuts, dangles, invalid } = geos.lines.polygonize(noded);
    const leftOver = { dangle: dangles, cut: cuts, 'invalid-ring': invalid };
    for (const [kind, pointer] of Object.entries(leftOver)) {
      for (const part of geos.parts(pointer))
        unused.push({ properties: { kind }, geometry: geos.read(part) });
    }
    return geos.parts(polygons).map((part) => ({ properties: {}, geometry: geos.read(geos.orient(part)) }));
  });
  preparation.report();
  const told = {
    dangle: 'lines have a loose end and enclose nothing (dangles)',
    cut: 'lines join rings without enclosing anything (cut edges)',
    'invalid-ring': 'closed lines make no valid ring',
  };
  for (const [kind, what] of Object.entries(told)) {
    const count = unused.filter(({ properties }) => properties?.kind === kind).length;
    if (count > 0) messages.push({ level: 'warning', text: `${count} ${what}` });
  }
  return { result: { features: result, crs }, unused: { features: unused, crs } };
};
