import { z } from 'zod';
import { list } from './value-types.js';

const aboutLayer = {
  title: z.string().optional(),
  description: z.string().optional(),
  tenants: list(z.string()).optional().describe('who may see it; everybody where absent'),
};

/** Where the data of a layer is. */
export const layer = z.discriminatedUnion('provider', [
  z.strictObject({
    provider: z.literal('postgis'),
    schema: z.string().default('public'),
    table: z.string().describe('a table or view with a geometry column'),
    connection: z
      .string()
      .optional()
      .describe('one of `connections`; the database of the service where absent'),
    ...aboutLayer,
  }),
  z.strictObject({
    provider: z.literal('geojson'),
    path: z.string().describe('a file on this machine'),
    ...aboutLayer,
  }),
  z.strictObject({
    provider: z.enum(['geopackage', 'shapefile', 'flatgeobuf', 'geoparquet']),
    path: z.string().describe('a file on this machine; of shapefile the .shp, or a .zip with it'),
    table: z
      .string()
      .optional()
      .describe('geopackage: which of its tables, the first where absent; shapefile: which of a zip'),
    crs: z
      .string()
      .regex(/^(EPSG:\d{1,6}|OGC:CRS84)$/)
      .optional()
      .describe('where the file does not say it, or is wrong'),
    ...aboutLayer,
  }),
]);

/** Ids of layers, and names of connections. */
export const LAYER_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

export type LayerSettings = z.infer<typeof layer>;
