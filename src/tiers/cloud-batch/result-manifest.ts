import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { ARTIFACT_NAME, type ArtifactStore, outputPrefix } from '../../artifacts/index.js';
import type { AttemptRef, OutputPayload, RunMessage, Usage } from '../../execution/index.js';

const LARGEST_BYTES = 16 * 1024 ** 2;

const file = z.object({
  rel: z.string().regex(ARTIFACT_NAME),
  type: z.string().min(1),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  features: z.int().nonnegative().optional(),
});
const messages = z
  .array(z.object({ level: z.enum(['info', 'warning', 'error']), text: z.string() }))
  .default([]);
const usage = z.object({ wallMs: z.number(), cpuMs: z.number() }).partial().default({});

const manifestSchema = z.union([
  z.object({ error: z.object({ reason: z.string(), message: z.string() }), messages, usage }),
  z.object({
    outputs: z.record(z.string(), z.union([file, z.object({ value: z.unknown() })])),
    messages,
    usage,
  }),
]);

/** What a worker says of its attempt, and stands by: it is written last, and whole. */
export type ResultManifest = { messages: RunMessage[]; usage: Partial<Usage> } & (
  { error: { reason: string; message: string } } | { outputs: OutputPayload[] }
);

/** Undefined where there is none. Throws Error for one that says what is not so. */
export async function readManifest(
  store: ArtifactStore,
  attempt: AttemptRef,
): Promise<ResultManifest | undefined> {
  const prefix = outputPrefix(attempt);
  const key = `${prefix}manifest.json`;
  const found = await store.stat(key);
  if (!found) return undefined;
  if (found.size > LARGEST_BYTES) throw new Error('the manifest is too large');
  const manifest = manifestSchema.parse(JSON.parse(await text(await store.open(key))));
  if ('error' in manifest) return manifest;
  const outputs: OutputPayload[] = [];
  for (const [id, output] of Object.entries(manifest.outputs))
    outputs.push(
      'rel' in output ? await fileOutput(store, prefix, id, output) : valueOutput(id, output.value),
    );
  return { outputs, messages: manifest.messages, usage: manifest.usage };
}

async function fileOutput(
  store: ArtifactStore,
  prefix: string,
  id: string,
  { rel, type, size, sha256, features }: z.infer<typeof file>,
): Promise<OutputPayload> {
  const key = prefix + rel;
  const stored = await store.stat(key);
  if (stored?.size !== size)
    throw new Error(`output ${id} has ${stored?.size ?? 'no'} bytes and not ${size}`);
  return {
    id,
    mediaType: type,
    payload: { kind: 'artifact', key, size, sha256 },
    ...(features !== undefined && { features }),
  };
}

function valueOutput(id: string, value: unknown): OutputPayload {
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(value)));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    id,
    mediaType: 'application/json',
    payload: { kind: 'inline', bytes, size: bytes.length, sha256 },
  };
}
