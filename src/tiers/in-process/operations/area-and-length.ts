import type { Geometry } from 'geojson';
import { type FeatureRecord, WGS84 } from '../../../geometry-codecs/worker.js';
import { type Measure, measureOnGround } from '../geodesic/ground-measure.js';
import { asMeant } from './as-meant.js';
import { featureConversion } from './crs-input.js';
import { eachFeature } from './each-feature.js';
import type { Operation } from './operation.js';
import { measureInPlane } from './plane-measure.js';
import { Preparation } from './preparation.js';

/** What is left of an outline that encloses no area. */
const NOTHING: Geometry = { type: 'GeometryCollection', geometries: [] };

/** Adds area, length and perimeter to the attributes of each feature. */
export const areaAndLength: Operation = (context) => {
  const { expression } = context;
  const { features, crs } = expression.features('features');
  const geodesic = (expression.text('method') ?? (crs.geographic ? 'geodesic' : 'planar')) === 'geodesic';
  const toGlobe = featureConversion(crs, WGS84, 'features');
  const preparation = new Preparation(context, 'features');
  const result = eachFeature(context, features, 'Measuring', (feature, index): FeatureRecord => {
    const meant = crs.geographic ? asMeant(context, feature) : feature;
    const geometry = preparation.prepare(meant, index)?.geometry ?? null;
    const onGlobe =
      crs.geographic || !geodesic ? { ...feature, geometry } : toGlobe({ ...feature, geometry }, index);
    const left = onGlobe.geometry ?? (feature.geometry && NOTHING);
    const measure = left && (geodesic ? measureOnGround : measureInPlane)(left);
    const found =
      !geodesic && crs.geographic ? inDegrees(measure) : inMeters(measure, geodesic ? 1 : crs.metersPerUnit);
    return { ...feature, properties: { ...feature.properties, ...found } };
  });
  preparation.report();
  return { result: { features: result, crs } };
};

const inMeters = (measure: Measure | null, unit: number): Record<string, number | null> => ({
  area_m2: measure && measure.area * unit * unit,
  length_m: measure && measure.length * unit,
  perimeter_m: measure && measure.perimeter * unit,
});

const inDegrees = (measure: Measure | null): Record<string, number | null> => ({
  area_deg2: measure && measure.area,
  length_deg: measure && measure.length,
  perimeter_deg: measure && measure.perimeter,
});
