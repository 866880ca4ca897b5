import { type GeometryOperation, prepared } from './operation.js';

/** A point that surely lies inside each area. */
export const labelPoints: GeometryOperation = ({ request, geos }) => {
  request.requiredCrs('sr');
  const { geometries } = request.shapes('polygons');
  const points = geometries.map((one) =>
    geos.arena(() => {
      const pointer = prepared(geos, one);
      const point = pointer === null ? null : geos.read(geos.shapes.pointOnSurface(pointer));
      if (point?.type !== 'Point') return { x: 'NaN', y: 'NaN' };
      return { x: point.coordinates[0], y: point.coordinates[1] };
    }),
  );
  return { labelPoints: points };
};
