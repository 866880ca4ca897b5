import geodesic from 'geographiclib-geodesic';
import { type LocalProjection, RADIANS, wrap } from './projection.js';

const { WGS84 } = geodesic.Geodesic;

/**
 * Azimuthal equidistant on the ellipsoid by GeographicLib: distances from the centre are true at any range, those
 * between points near the centre too long by at most e²/6R², e being their distance from it.
 */
export class AzimuthalEquidistant implements LocalProjection {
  constructor(
    readonly lon0: number,
    readonly lat0: number,
  ) {}

  forward(lon: number, lat: number): [number, number] {
    const { s12, azi1 } = WGS84.Inverse(this.lat0, this.lon0, lat, lon);
    return [s12! * Math.sin(azi1! * RADIANS), s12! * Math.cos(azi1! * RADIANS)];
  }

  inverse(x: number, y: number): [number, number] {
    const { lat2, lon2 } = WGS84.Direct(this.lat0, this.lon0, Math.atan2(x, y) / RADIANS, Math.hypot(x, y));
    return [this.lon0 + wrap(lon2! - this.lon0), lat2!];
  }
}
