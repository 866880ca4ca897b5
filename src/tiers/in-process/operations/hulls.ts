import type { Geometry } from 'geojson';
import type { FeatureRecord, Pointer } from '../../../geometry-codecs/worker.js';
import { cutToWorld, runsBeyond } from '../geodesic/short-way.js';
import type { Operation, OperationContext } from './operation.js';
import { outlined } from './outlined.js';
import { simplestForm } from '../simplest-form.js';

/** The smallest convex shape around all features, or around each. */
export const convexHull: Operation = (context) =>
  hulls(context, 'Outlining', (pointer) => context.geos.shapes.convexHull(pointer));

/** A shape around all features, or each, that follows their vertices more closely than the convex hull. */
export const concaveHull: Operation = (context) => {
  const { expression, geos } = context;
  const ratio = expression.number('ratio') ?? DEFAULT_RATIO;
  const allowHoles = expression.flag('allowHoles');
  return hulls(context, 'Outlining', (pointer) => geos.shapes.concaveHull(pointer, ratio, allowHoles));
};

const DEFAULT_RATIO = 0.3;

function hulls(
  context: OperationContext,
  doing: string,
  draw: (pointer: Pointer) => Pointer,
): ReturnType<Operation> {
  const { crs } = context.expression.features('features');
  const features = outlined(context, doing, (prepared): Pick<FeatureRecord, 'geometry'> => {
    return { geometry: backToWorld(context, draw(prepared.pointer), crs.geographic) };
  });
  return { result: { features, crs } };
}

/** The outline of what crosses the antimeridian is cut there again. */
function backToWorld({ geos }: OperationContext, outline: Pointer, geographic: boolean): Geometry | null {
  const drawn = geos.read(geos.orient(outline));
  const cut = drawn && geographic && runsBeyond(drawn) ? cutToWorld(geos, drawn) : drawn;
  return cut && simplestForm(cut);
}
