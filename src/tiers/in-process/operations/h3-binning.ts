import type { Point } from 'geojson';
import { latLngToCell } from 'h3-js';
import { type FeatureRecord, WGS84 } from '../../../geometry-codecs/worker.js';
import { type Contents, statisticsOf } from '../grids/cell-contents.js';
import { h3Outline } from '../grids/h3-cells.js';
import { AttributeNumbers } from './attribute-numbers.js';
import { featureConversion } from './crs-input.js';
import type { Operation } from './operation.js';
import { centroidsOf } from './representative-points.js';

const DEFAULT_RESOLUTION = 6;

/** The cells of H3 in which features lie, with how many there are and the statistics of an attribute of theirs. */
export const h3Binning: Operation = (context) => {
  const { expression, geos, progress } = context;
  const { crs } = expression.features('features');
  const resolution = expression.number('resolution') ?? DEFAULT_RESOLUTION;
  const attribute = expression.text('attribute');
  const { features } = centroidsOf(context, true);
  const numbers = new AttributeNumbers(context, 'attribute', features);
  const toLonLat =
    crs.name === WGS84.name ? (one: FeatureRecord) => one : featureConversion(crs, WGS84, 'features');
  const cells = new Map<string, Contents>();
  for (const [index, feature] of features.entries()) {
    if (!feature.geometry) continue;
    const [lon, lat] = (toLonLat(feature, index).geometry as Point).coordinates;
    const cell = latLngToCell(lat!, lon!, resolution);
    const contents = cells.get(cell) ?? { count: 0, numbers: [] };
    cells.set(cell, contents);
    contents.count += 1;
    const value = numbers.of(feature);
    if (value !== undefined) contents.numbers.push(value);
  }
  numbers.report();
  progress(70, 'Drawing cells');
  const told = statisticsOf(attribute);
  const result = [...cells].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    result: {
      features: result.map(([cell, contents]): FeatureRecord => ({
        id: cell,
        properties: { h3: cell, ...told(contents) },
        geometry: geos.arena(() => h3Outline(geos, cell)),
      })),
      crs: WGS84,
    },
  };
};
