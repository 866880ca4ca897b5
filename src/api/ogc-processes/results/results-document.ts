import type { ArtifactStore } from '../../../artifacts/index.js';
import { openPayload, type Segment } from '../../../execution-adapter/index.js';
import type { OutputPayload } from '../../../execution/index.js';
import { AppError } from '../../../shared/app-error.js';
import { type GivenOutput, isJson } from './plan-results.js';
import type { ArtifactReference } from './result-links.js';

/**
 * results.yaml: a map from output id to value or link. Stored JSON is put in as it is, never parsed. An object must be a
 * qualified value, since a bare one could not be told from a link; plain values stand bare.
 */
export async function resultsDocument(
  given: GivenOutput[],
  store: ArtifactStore,
  refer: (given: GivenOutput) => ArtifactReference,
): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const [index, one] of given.entries()) {
    const { id, mediaType, payload } = one.output;
    const key = `${index === 0 ? '{' : ','}${JSON.stringify(id)}:`;
    if (one.byReference) segments.push(key + JSON.stringify(refer(one)));
    else if (!isJson(mediaType))
      throw new AppError('unsupported', 'output-not-json', `Output '${id}' can be had raw only.`);
    else if (await isObject(one.output, store))
      segments.push(`${key}{"value":`, payload, `,"mediaType":${JSON.stringify(one.mediaType)}}`);
    else segments.push(key, payload);
  }
  return [...segments, '}'];
}

/** Stored JSON begins with its first token: the tiers write it so. */
async function isObject({ payload, mediaType }: OutputPayload, store: ArtifactStore): Promise<boolean> {
  if (mediaType !== 'application/json') return true;
  if (payload.size === 0) return false;
  for await (const chunk of await openPayload(store, payload, { start: 0, end: 0 }))
    return (chunk as Buffer)[0] === '{'.charCodeAt(0);
  return false;
}
