import type { Layer, LayerFacts } from '../../../data-sources/index.js';
import { jsonLink, type Link, selfLinks } from '../link.js';

export const GEOJSON_TYPE = 'application/geo+json';

/** A layer as everybody who may see it is told of it. */
export type LayerSummary = Layer & { links: Link[] };

/** With what was found in it. `crs` is a name that inputs take, `bbox` is in longitude and latitude. */
export type LayerInfo = LayerSummary & LayerFacts;

export interface LayerList {
  layers: LayerSummary[];
  links: Link[];
}

export const layerSummary = (layer: Layer, base: string): LayerSummary => {
  const href = `${base}/layers/${encodeURIComponent(layer.id)}`;
  return { ...layer, links: [jsonLink(href, 'self', layer.title), itemsLink(href)] };
};

export function layerInfo(layer: Layer, facts: LayerFacts, base: string): LayerInfo {
  const href = `${base}/layers/${encodeURIComponent(layer.id)}`;
  const links = [
    ...selfLinks(href, layer.title),
    itemsLink(href),
    jsonLink(`${base}/layers`, 'up', 'Layers'),
  ];
  return { ...layer, ...facts, links };
}

const itemsLink = (href: string): Link => ({
  href: `${href}/items`,
  rel: 'items',
  type: GEOJSON_TYPE,
  title: 'Features in longitude and latitude',
});

const text = { type: 'string' };
const SUMMARY = {
  id: { ...text, example: 'counties' },
  title: text,
  description: text,
  provider: {
    type: 'string',
    enum: ['postgis', 'geojson', 'geopackage', 'shapefile', 'flatgeobuf', 'geoparquet'],
  },
};
export const LAYER_LIST = {
  type: 'object',
  required: ['layers', 'links'],
  properties: {
    layers: {
      type: 'array',
      items: { type: 'object', required: ['id', 'title', 'provider'], properties: SUMMARY },
    },
    links: { type: 'array', items: { $ref: '#/components/schemas/link' } },
  },
};
export const LAYER = {
  type: 'object',
  required: ['id', 'title', 'provider', 'featureCount', 'geometryTypes', 'fields', 'snapshot'],
  properties: {
    ...SUMMARY,
    crs: { ...text, example: 'EPSG:4326' },
    featureCount: { type: 'integer' },
    geometryTypes: { type: 'array', items: text },
    bbox: { type: 'array', minItems: 4, maxItems: 4, items: { type: 'number' } },
    fields: { type: 'array', items: { type: 'object', properties: { name: text, type: text } } },
    snapshot: { ...text, description: 'The same as long as the data is' },
    links: { type: 'array', items: { $ref: '#/components/schemas/link' } },
  },
};
