import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { ARTIFACT_NAME } from './artifact-key.js';
import type { ArtifactStore, StoredArtifact } from './artifact-store.js';
import { outputPrefix } from './run-keys.js';

const MOST_BYTES = 16 * 1024 ** 2;

const manifest = z.object({ artifacts: z.array(z.object({ rel: z.string() }).loose()).default([]) });
/** Manifests of earlier workers say neither size nor hash: what they name is an output, and found as that. */
const described = z.object({
  path: z.string().regex(ARTIFACT_NAME),
  type: z.string(),
  size: z.number(),
  sha256: z.string(),
});

export interface RunFile extends StoredArtifact {
  mediaType: string;
}

/** A file that the program of an attempt left, by its name there. Undefined where it left none of this name. */
export async function findRunFile(
  store: ArtifactStore,
  attempt: { runId: string; attempt: number },
  name: string,
): Promise<RunFile | undefined> {
  const prefix = outputPrefix(attempt);
  const key = `${prefix}manifest.json`;
  const found = await store.stat(key);
  if (!found || found.size > MOST_BYTES) return undefined;
  const { artifacts } = manifest.parse(JSON.parse(await text(await store.open(key))));
  const file = described.safeParse(artifacts.find(({ rel }) => rel === name));
  if (!file.success) return undefined;
  const { path, type, size, sha256 } = file.data;
  return { key: prefix + path, mediaType: type, size, sha256 };
}
