/** A map of a neighbourhood: longitude and latitude in degrees to metres and back. */
export interface LocalProjection {
  /** Longitude of the centre; `inverse` answers within 180° of it. */
  readonly lon0: number;
  readonly lat0: number;
  forward(lon: number, lat: number): [x: number, y: number];
  inverse(x: number, y: number): [lon: number, lat: number];
}

/** Mean radius of the Earth in metres, where a sphere will do. */
export const EARTH_RADIUS = 6_371_008.8;

export const RADIANS = Math.PI / 180;

/** An angle in degrees brought into [-180, 180]. */
export function wrap(degrees: number): number {
  return degrees >= -180 && degrees <= 180 ? degrees : degrees - 360 * Math.round(degrees / 360);
}
