import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { arcgisToGeoJSON, geojsonToArcGIS } from '@terraformer/arcgis';
import { ask, askWell } from './esri-client.js';
import { inPostgis } from './in-postgis.js';

/** The geometry service as a client sees it, and PostGIS as the second opinion on its answers. */
export const geometryService = (url: string, operation = '', service = 'Geometry'): string =>
  `${url}/arcgis/rest/services/${service}/GeometryServer${operation && `/${operation}`}`;

export const askGeometry = (url: string, operation: string, parameters: Record<string, unknown>) =>
  askWell(geometryService(url, operation), parameters);

export const faultOf = async (url: string, operation: string, parameters: Record<string, unknown>) =>
  (await ask(geometryService(url, operation), parameters)).error;

export const esri = (geometry: Geometry): any => {
  const { spatialReference: _, ...bare } = geojsonToArcGIS(geometry as never) as any;
  return bare;
};
export const geojson = (geometry: unknown): any => arcgisToGeoJSON(geometry as never);

export const polygons = (features: Feature[]): object => ({
  geometryType: 'esriGeometryPolygon',
  geometries: features.map(({ geometry }) => esri(geometry)),
});

/** Rows of a question about geometries, which it sees as `shape(index, geom)`. */
export const askPostgis = <Row>(geometries: Geometry[], srid: number, sql: string): Promise<Row[]> =>
  inPostgis(async (client) => {
    await client.query('create temporary table shape (index int, geom geometry)');
    for (const [index, geometry] of geometries.entries())
      await client.query('insert into shape values ($1, st_setsrid(st_geomfromgeojson($2), $3))', [
        index,
        JSON.stringify(geometry),
        srid,
      ]);
    return (await client.query(sql)).rows as Row[];
  });

/** Every so-manieth feature. */
export const some = ({ features }: FeatureCollection, step: number): Feature[] =>
  features.filter((_, index) => index % step === 0);
