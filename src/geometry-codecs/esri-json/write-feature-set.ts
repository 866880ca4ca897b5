import type { Geometry } from 'geojson';
import { AppError } from '../../shared/app-error.js';
import { mapPositions, OutsideOfProjection, positionConverter } from '../crs/convert.js';
import type { Crs } from '../crs/crs.js';
import type { FeatureRecord } from '../geometry.js';
import { GrowingBuffer } from '../text/growing-buffer.js';
import { OBJECT_ID, tabulate } from './fields.js';
import { writeSpatialReference } from './spatial-reference.js';
import { type EsriGeometryType, esriGeometryType, present, writeEsriGeometry } from './write-geometry.js';

export interface FeatureSetStyle {
  /** The system wanted, where it is not the one the features are in. */
  crs?: Crs;
  returnZ: boolean;
  /** As a layer definition and a feature set, in place of the feature set alone. */
  featureCollection: boolean;
  maxBytes: number;
}

/**
 * Checked features as the text of an Esri feature set, with its fields, geometry type and spatial reference. Throws
 * AppError `unsupported` where Esri JSON cannot hold them: collections, and shapes of different kinds in one set.
 */
export function writeEsriFeatures(
  { features, crs }: { features: FeatureRecord[]; crs: Crs },
  style: FeatureSetStyle,
): Uint8Array<ArrayBuffer> {
  const geometryType = commonType(features);
  const target = style.crs ?? crs;
  const write = geometryWriter({ crs, target, geometryType, style });
  const { fields, rows } = tabulate(features);
  const hasZ = features.some(
    ({ geometry }) => geometry !== null && present(geometry, { z: style.returnZ, m: false }).z,
  );
  const spatialReference = writeSpatialReference(target);
  const head = {
    displayFieldName: '',
    objectIdFieldName: OBJECT_ID,
    geometryType,
    ...(hasZ && { hasZ }),
    spatialReference,
    fields,
  };
  const out = new GrowingBuffer(style.maxBytes);
  if (style.featureCollection) {
    const definition = {
      geometryType,
      objectIdField: OBJECT_ID,
      ...(hasZ && { hasZ }),
      fields,
      spatialReference,
    };
    out.utf8(`{"layerDefinition":${JSON.stringify(definition)},"featureSet":`);
  }
  out.utf8(`${JSON.stringify(head).slice(0, -1)},"features":[`);
  features.forEach(({ geometry }, index) => {
    out.utf8(`${index > 0 ? ',' : ''}{"attributes":${JSON.stringify(rows[index])}`);
    if (geometry) out.ascii(`,"geometry":${JSON.stringify(write(geometry))}`);
    out.ascii('}');
  });
  out.ascii('],"exceededTransferLimit":false}');
  if (style.featureCollection) out.ascii('}');
  return out.finish();
}

/** Points beside multipoints make multipoints; where there is no shape at all, polygons are said. */
function commonType(features: FeatureRecord[]): EsriGeometryType {
  const types = new Set(features.flatMap(({ geometry }) => (geometry ? [esriGeometryType(geometry)] : [])));
  if (types.has('esriGeometryMultipoint')) types.delete('esriGeometryPoint');
  const [type, ...others] = types;
  if (types.has(undefined) || others.length > 0) {
    throw new AppError(
      'unsupported',
      'mixed-geometry',
      'The result mixes points, lines and areas, which a feature set cannot hold; ask for it as GeoJSON (f=geojson).',
    );
  }
  return type ?? 'esriGeometryPolygon';
}

function geometryWriter({
  crs,
  target,
  geometryType,
  style,
}: {
  crs: Crs;
  target: Crs;
  geometryType: EsriGeometryType;
  style: FeatureSetStyle;
}): (geometry: Geometry) => Record<string, unknown> {
  const wanted = { z: style.returnZ, m: false };
  const multipoint = geometryType === 'esriGeometryMultipoint';
  if (crs.proj === target.proj) return (geometry) => writeEsriGeometry(geometry, wanted, multipoint);
  const convert = positionConverter(crs, target);
  return (geometry) => {
    try {
      return writeEsriGeometry(mapPositions(geometry, convert), wanted, multipoint);
    } catch (error) {
      if (!(error instanceof OutsideOfProjection)) throw error;
      throw new AppError(
        'unsupported',
        'outside-of-projection',
        `The result has a position that ${target.name} cannot show: ${error.message}.`,
      );
    }
  };
}
