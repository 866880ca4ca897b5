import type { FetchedReference, RunInput } from '../../execution/index.js';
import type { ProcessRun, StoredInput } from './process-run.entity.js';

/** The request as it was sent, from where the run keeps it. */
export function storedInput(run: ProcessRun, bytes: Uint8Array<ArrayBuffer> | null): RunInput {
  const { key, size, sha256, mediaType } = run.input;
  const { surface } = run;
  const references = storedReferences(run.input);
  if (key) return { surface, mediaType, references, payload: { kind: 'artifact', key, size, sha256 } };
  if (!bytes) throw new Error(`The input of run ${run.id} is missing`);
  return { surface, mediaType, references, payload: { kind: 'inline', bytes, size, sha256 } };
}

function storedReferences({ references, referencesFolder }: StoredInput): FetchedReference[] | undefined {
  return references?.map((reference, index) => ({ ...reference, key: `${referencesFolder}/${index}` }));
}

/** The other direction: what the row says of a request. */
export function toStored({ payload, mediaType, references }: RunInput): StoredInput {
  const { size, sha256 } = payload;
  const [first] = references ?? [];
  return {
    size,
    sha256,
    mediaType,
    ...(payload.kind === 'artifact' && { key: payload.key }),
    ...(first && {
      referencesFolder: first.key.slice(0, first.key.lastIndexOf('/')),
      references: references!.map(({ href, mediaType: type, size: length, sha256: hash, layer }) => ({
        ...(layer && { layer }),
        href,
        mediaType: type,
        size: length,
        sha256: hash,
      })),
    }),
  };
}
