import { createPublicKey, verify } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type HonuaConfig } from '../../config/index.js';

const manifestSchema = z.object({
  scripts: z.array(
    z.object({
      script: z.string(),
      image: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      requiredEnvironment: z.array(z.string()),
      quota: z.object({
        cpus: z.number().positive(),
        memoryMiB: z.number().positive(),
        gpus: z.number().nonnegative(),
        timeoutSeconds: z.number().positive(),
      }),
    }),
  ),
});

export type ApprovedScript = z.infer<typeof manifestSchema>['scripts'][number];

const NOT_INSTALLED = 'The Python worker is not installed.';

/** What workers may run: the scripts of a manifest that is signed (Ed25519) by the key of whoever installed them. */
@Injectable()
export class ApprovedScripts {
  private readonly log = new Logger(ApprovedScripts.name);
  private readonly folder: string;
  private readonly keyFile: string;
  private scripts = new Map<string, ApprovedScript>();
  private readAt = '';
  /** Why nothing may run. */
  refusal: string | undefined = NOT_INSTALLED;

  constructor(@Inject(CONFIG) { processing: { cloudBatch } }: HonuaConfig) {
    this.folder = join(resolve(cloudBatch.workerFolder), 'honua');
    this.keyFile = cloudBatch.workerKeyFile ?? join(this.folder, 'worker-key.pem');
  }

  find(script: unknown): { ok: true; approved: ApprovedScript } | { ok: false; reason: string } {
    if (this.refusal) return { ok: false, reason: this.refusal };
    const approved = this.scripts.get(String(script));
    return approved
      ? { ok: true, approved }
      : { ok: false, reason: `Script '${String(script)}' is not approved.` };
  }

  /** Looks whether there is another manifest than before, and reads it then. */
  async refresh(): Promise<void> {
    const manifest = join(this.folder, 'worker-manifest.json');
    const found = await stat(manifest, { bigint: true }).catch(() => undefined);
    const version = found ? `${found.ino} ${found.mtimeNs} ${found.size}` : '';
    if (version === this.readAt) return;
    this.readAt = version;
    this.scripts.clear();
    this.refusal = found ? await this.read(manifest) : NOT_INSTALLED;
    if (found && this.refusal) this.log.error(this.refusal);
  }

  private async read(manifest: string): Promise<string | undefined> {
    try {
      const [bytes, signature, key] = await Promise.all([
        readFile(manifest),
        readFile(join(this.folder, 'worker-manifest.sig'), 'utf8'),
        readFile(this.keyFile),
      ]);
      if (!verify(null, bytes, createPublicKey(key), Buffer.from(signature, 'base64')))
        return 'The manifest of the worker is not signed by its key.';
      const { scripts } = manifestSchema.parse(JSON.parse(bytes.toString('utf8')));
      this.scripts = new Map(scripts.map((one) => [one.script, one]));
      return undefined;
    } catch (error) {
      return `The manifest of the worker cannot be read: ${(error as Error).message}`;
    }
  }
}
