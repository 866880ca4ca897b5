import { Inject, Injectable, Logger } from '@nestjs/common';
import { ArtifactStore, logPrefix, outputPrefix, prefixesOf, stagingPrefix } from '../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import type { AttemptRef, OutputPayload } from '../../execution/index.js';
import type { ProcessRun, StoredOutput } from './process-run.entity.js';

/** Where the bytes of runs are: small results in the database, large ones under the attempt's own prefix. */
@Injectable()
export class RunArtifacts {
  private readonly log = new Logger(RunArtifacts.name);

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly store: ArtifactStore,
  ) {}

  /** Stores what is large before the run is finished with it; `inline` is what is to be stored with the finish. */
  async keep(
    { runId, attempt }: AttemptRef,
    outputs: OutputPayload[],
  ): Promise<{ outputs: StoredOutput[]; inline: Map<string, Uint8Array> }> {
    const kept: StoredOutput[] = [];
    const inline = new Map<string, Uint8Array>();
    for (const { id, mediaType, features, payload } of outputs) {
      const stored: StoredOutput = { id, mediaType, features, size: payload.size, sha256: payload.sha256 };
      if (payload.kind === 'artifact') stored.key = payload.key;
      else if (payload.size <= this.config.limits.inlinePayloadBytes) inline.set(id, payload.bytes);
      else {
        const key = `${outputPrefix({ runId, attempt })}${id}`;
        await this.store.put(key, payload.bytes, this.config.limits.maxArtifactSizeBytes);
        stored.key = key;
      }
      kept.push(stored);
    }
    return { outputs: kept, inline };
  }

  /** Deletes what an attempt wrote whose outcome counts for nothing. */
  sweep({ runId, attempt }: AttemptRef): Promise<void> {
    return this.delete(outputPrefix({ runId, attempt }));
  }

  /** Deletes what earlier attempts left that had no time to do it themselves. */
  async sweepEarlier({ runId, attempt }: AttemptRef): Promise<void> {
    for (let earlier = 1; earlier < attempt; earlier++)
      await this.delete(outputPrefix({ runId, attempt: earlier }));
  }

  /** Deletes what was laid out for workers, and nobody reads any more. */
  async deleteStaged(runId: string): Promise<void> {
    await this.delete(stagingPrefix(runId));
  }

  async deleteLogs(runId: string): Promise<void> {
    await this.delete(logPrefix(runId));
  }

  /** Deletes everything stored for a run, its input too. */
  async deleteAll(run: Pick<ProcessRun, 'id' | 'input'>): Promise<void> {
    for (const prefix of prefixesOf(run.id)) await this.delete(prefix);
    if (run.input.key) await this.delete(run.input.key);
    if (run.input.referencesFolder) await this.delete(run.input.referencesFolder);
  }

  /** The daily sweep comes by again: what cannot be deleted now is no reason to fail. */
  private async delete(prefix: string): Promise<void> {
    await this.store
      .deletePrefix(prefix)
      .catch((error: Error) => this.log.warn(`Artifacts could not be deleted: ${error.message}`));
  }
}
