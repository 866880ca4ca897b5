import type { Fault } from './app-error.js';
import { type Comparison, readComparisons } from './layer-filter.js';

/** What of a layer is wanted; all of it where nothing is said. */
export interface LayerSelection {
  /** West, south, east, north in longitude and latitude: features whose bounding box meets it. */
  bbox?: [number, number, number, number];
  /** Every one of them holds. */
  filter?: Comparison[];
  /** The attributes that are wanted. */
  fields?: string[];
}

export interface LayerReference {
  id: string;
  selection: LayerSelection;
}

/** What a layer that is left in its table looked like when it was asked for. */
export interface TableInPlace {
  /** `OGC:CRS84` or `EPSG:<code>`. */
  crs: string;
  features: number;
  vertices: number;
  /** GeoJSON types, in the order of the alphabet. */
  geometryTypes: string[];
  /** Another one after every write to the table. */
  snapshot: string;
}

const MEMBERS = ['layerReference', 'bbox', 'filter', 'fields'];
const MOST_FIELDS = 100;

/** Whether an object names a layer: `{"layerReference": "roads"}`, alone or with a selection. */
export const namesLayer = (value: Record<string, unknown>): boolean => Object.hasOwn(value, 'layerReference');

/** `{"layerReference", "bbox"?, "filter"?, "fields"?}`, or what is wrong with it; paths begin within the object. */
export function readLayerReference(value: Record<string, unknown>): LayerReference | Fault[] {
  const { layerReference: id, bbox, filter, fields } = value;
  const faults = Object.keys(value)
    .filter((member) => !MEMBERS.includes(member))
    .map((member): Fault => ({ path: `/${member}`, message: `is no member of a layer reference` }));
  if (typeof id !== 'string' || !id.isWellFormed())
    faults.push({ path: '/layerReference', message: 'must be the id of a layer' });
  if (bbox !== undefined && !isBox(bbox))
    faults.push({
      path: '/bbox',
      message: 'must be west, south, east and north in degrees, south below north',
    });
  if (fields !== undefined && !isNames(fields))
    faults.push({ path: '/fields', message: `must be an array of 1 to ${MOST_FIELDS} names of attributes` });
  const comparisons = filter === undefined ? undefined : readComparisons(filter);
  const wrong = comparisons?.filter((one): one is Fault => 'message' in one) ?? [];
  if (faults.length + wrong.length > 0) return [...faults, ...wrong];
  return {
    id: id as string,
    selection: {
      ...(bbox !== undefined && { bbox: bbox as LayerSelection['bbox'] }),
      ...(comparisons && { filter: comparisons as Comparison[] }),
      ...(fields !== undefined && { fields: fields as string[] }),
    },
  };
}

const SCHEME = 'layer:';

/** The reference as a URI, by which what was read is known. */
export function layerHref({ id, selection }: LayerReference): string {
  const query = Object.keys(selection).length > 0 ? `?${encodeURIComponent(JSON.stringify(selection))}` : '';
  return `${SCHEME}${encodeURIComponent(id)}${query}`;
}

/** What `layerHref` has written; undefined for other URIs. */
export function readLayerHref(href: string): LayerReference | undefined {
  if (!href.startsWith(SCHEME)) return undefined;
  const [id, query] = href.slice(SCHEME.length).split('?');
  const selection = query === undefined ? {} : (JSON.parse(decodeURIComponent(query)) as LayerSelection);
  return { id: decodeURIComponent(id!), selection };
}

const isBox = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 4 &&
  value.every((one) => Number.isFinite(one)) &&
  value[1] <= value[3] &&
  value[0] <= value[2];

const isNames = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MOST_FIELDS &&
  value.every((one) => typeof one === 'string');
