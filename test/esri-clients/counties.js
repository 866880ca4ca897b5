import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import FeatureSet from '@arcgis/core/rest/support/FeatureSet.js';
import Graphic from '@arcgis/core/Graphic.js';
import Polygon from '@arcgis/core/geometry/Polygon.js';

const require = createRequire(import.meta.url);

/** Counties of Kansas as the client would send them. */
export const counties = (count) =>
  new FeatureSet({
    features: countiesOfKansas()
      .slice(0, count)
      .map(({ id, properties, geometry }) => toGraphic(id, properties, ringsOf(geometry))),
  });

/** The rings of each county, outer ones clockwise. */
export const countyRings = () => countiesOfKansas().map(({ geometry }) => ringsOf(geometry));

function countiesOfKansas() {
  const topology = require('us-atlas/counties-10m.json');
  const { features } = feature(topology, topology.objects.counties);
  return features.filter(({ id }) => String(id).startsWith('20'));
}

function ringsOf({ type, coordinates }) {
  const polygons = type === 'Polygon' ? [coordinates] : coordinates;
  return polygons.flatMap((polygon) => polygon.map((ring) => [...ring].reverse()));
}

function toGraphic(id, properties, rings) {
  return new Graphic({
    geometry: new Polygon({ rings, spatialReference: { wkid: 4326 } }),
    attributes: { fips: id, name: properties.name },
  });
}
