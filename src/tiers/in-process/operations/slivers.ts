import type { Geometry, Position } from 'geojson';
import type { Crs } from '../../../geometry-codecs/worker.js';
import type { Area } from '../../../registry/worker.js';
import { measureOnGround } from '../geodesic/ground-measure.js';
import { simplestForm } from '../simplest-form.js';
import { measureInPlane } from './plane-measure.js';

/**
 * Areas without parts smaller than that, and with holes smaller than that filled; null where nothing is left. Points and
 * lines stay. Square metres on longitude and latitude; in a planar system its square units, unless a unit was named.
 */
export function leavingOut(crs: Crs, minimum: Area): (geometry: Geometry) => Geometry | null {
  const own = minimum.unitGiven ? minimum.squareMeters / crs.metersPerUnit ** 2 : minimum.value;
  const least = crs.geographic ? minimum.squareMeters : own;
  const measure = crs.geographic ? measureOnGround : measureInPlane;
  const areaOf = (...coordinates: Position[][]): number => measure({ type: 'Polygon', coordinates }).area;
  const kept = ([shell, ...holes]: Position[][]): Position[][] | null => {
    const whole = [shell!, ...holes.filter((hole) => areaOf(hole) >= least)];
    return areaOf(...whole) >= least ? whole : null;
  };
  const without = (geometry: Geometry): Geometry | null => {
    switch (geometry.type) {
      case 'Polygon': {
        const coordinates = kept(geometry.coordinates);
        return coordinates && { ...geometry, coordinates };
      }
      case 'MultiPolygon': {
        const coordinates = geometry.coordinates.map(kept).filter((rings) => rings !== null);
        return coordinates.length === 0 ? null : simplestForm({ ...geometry, coordinates });
      }
      case 'GeometryCollection': {
        const geometries = geometry.geometries.map(without).filter((one) => one !== null);
        return geometries.length === 0 ? null : simplestForm({ ...geometry, geometries });
      }
      case 'Point':
      case 'MultiPoint':
      case 'LineString':
      case 'MultiLineString':
        return geometry;
    }
  };
  return without;
}
