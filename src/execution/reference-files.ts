import type { ReferenceFile } from './thread-work.js';
import type { FetchedReference } from './types.js';

/** The values that a request names as files that a thread can open. */
export const referenceFiles = (
  references: FetchedReference[] | undefined,
  pathOf: (key: string) => Promise<string>,
): Promise<ReferenceFile[]> =>
  Promise.all(
    (references ?? []).map(async ({ key, href, mediaType, size, layer }) => ({
      href,
      mediaType,
      size,
      ...(layer && { layer }),
      path: await pathOf(key),
    })),
  );
