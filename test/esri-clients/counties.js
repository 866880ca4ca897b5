import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import FeatureSet from '@arcgis/core/rest/support/FeatureSet.js';
import Graphic from '@arcgis/core/Graphic.js';
import Polygon from '@arcgis/core/geometry/Polygon.js';

const require = createRequire(import.meta.url);

/** Counties of the United States as the client would send them. */
export function counties(count) {
  const topology = require('us-atlas/counties-10m.json');
  const { features } = feature(topology, topology.objects.counties);
  const inland = features.filter(({ id }) => String(id).startsWith('20')).slice(0, count);
  return new FeatureSet({
    features: inland.map(({ id, properties, geometry }) => toGraphic(id, properties, geometry)),
  });
}

function toGraphic(id, properties, { type, coordinates }) {
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  const rings = polygons.flatMap((polygon) => polygon.map((ring) => [...ring].reverse()));
  return new Graphic({
    geometry: new Polygon({ rings, spatialReference: { wkid: 4326 } }),
    attributes: { fips: id, name: properties.name },
  });
}
