import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Bounds } from '../../geometry-codecs/worker.js';
import type { LayerFacts, LayerField } from '../layer.js';
import { boundsOf, converted, merge } from './file-bounds.js';
import type { FileTask } from './file-reading.js';
import { openFile } from './open-file.js';

/** All of the file is read. Its snapshot is the SHA-256 of its bytes. Throws FileFault. */
export async function factsOf(file: FileTask): Promise<LayerFacts> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file.place.path), hash);
  const { features, crs } = await openFile(file);
  let featureCount = 0;
  let bounds: Bounds | undefined;
  const geometryTypes = new Set<string>();
  const fields = new Map<string, LayerField['type'] | undefined>();
  for await (const { properties, geometry } of features) {
    featureCount += 1;
    bounds = merge(bounds, boundsOf(geometry));
    if (geometry) geometryTypes.add(geometry.type);
    for (const [name, value] of Object.entries(properties ?? {}))
      fields.set(name, common(fields.get(name), typeOf(value)));
  }
  const bbox = bounds && converted(bounds, crs, 'to lon-lat');
  return {
    crs,
    featureCount,
    geometryTypes: [...geometryTypes].sort(),
    ...(bbox && { bbox }),
    fields: [...fields].map(([name, type = 'string']) => ({ name, type })),
    snapshot: hash.digest('hex'),
  };
}

/** Undefined: null says nothing of a type. */
function typeOf(value: unknown): LayerField['type'] | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value as 'boolean' | 'string';
  return value instanceof Date ? 'date-time' : 'object';
}

function common(
  a: LayerField['type'] | undefined,
  b: LayerField['type'] | undefined,
): LayerField['type'] | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  return [a, b].every((type) => type === 'integer' || type === 'number') ? 'number' : 'string';
}
