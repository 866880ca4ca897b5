import { Injectable } from '@nestjs/common';
import { text } from 'node:stream/consumers';
import { ArtifactStore } from '../../artifacts/index.js';
import { AppError } from '../../shared/app-error.js';
import type { LedgerHead } from './seal-ledger.js';

const KEY = 'ledger/head.json';
const LARGEST = 4_096;

/** The end of the chain, kept where the database cannot reach: in the artifact store. */
@Injectable()
export class ExportedHead {
  constructor(private readonly store: ArtifactStore) {}

  async write({ position, mac, sealedAt }: LedgerHead): Promise<void> {
    const head = { position, mac: mac.toString('hex'), sealedAt };
    await this.store.put(KEY, Buffer.from(JSON.stringify(head)), LARGEST);
  }

  /** Undefined where none was exported yet. */
  async read(): Promise<{ position: number; mac: string } | undefined> {
    try {
      return JSON.parse(await text(await this.store.open(KEY))) as { position: number; mac: string };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }
}
