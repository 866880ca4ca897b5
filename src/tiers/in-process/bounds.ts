import type { Geometry, Position } from 'geojson';
import type { Bounds } from '../../geometry-codecs/worker.js';

export function boundsOf(geometry: Geometry): Bounds {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (coordinates: unknown[]): void => {
    if (typeof coordinates[0] === 'number') extend(bounds, coordinates as Position);
    else for (const inner of coordinates) walk(inner as unknown[]);
  };
  if (geometry.type !== 'GeometryCollection') walk(geometry.coordinates);
  else {
    for (const one of geometry.geometries) {
      const [west, south, east, north] = boundsOf(one);
      extend(bounds, [west, south]);
      extend(bounds, [east, north]);
    }
  }
  return bounds;
}

function extend(bounds: Bounds, [x, y]: Position): void {
  if (x! < bounds[0]) bounds[0] = x!;
  if (y! < bounds[1]) bounds[1] = y!;
  if (x! > bounds[2]) bounds[2] = x!;
  if (y! > bounds[3]) bounds[3] = y!;
}
