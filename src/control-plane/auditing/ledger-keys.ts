import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database, serviceSecret } from '../../database/index.js';
import { type LedgerKey, ledgerKey } from './ledger-block.js';

const KEY_BYTES = 32;

/** The keys of the seal: one that seals, and those it had before, by which old blocks are still verified. */
@Injectable()
export class LedgerKeys implements OnModuleInit {
  private readonly log = new Logger(LedgerKeys.name);
  private readonly known = new Map<string, LedgerKey>();
  current: LedgerKey;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
  ) {}

  async onModuleInit(): Promise<void> {
    this.current = this.learn(await this.secret());
    for (const earlier of this.config.ledger.earlierKeys) this.learn(Buffer.from(earlier));
  }

  find(id: string): LedgerKey | undefined {
    return this.known.get(id);
  }

  private learn(secret: Buffer): LedgerKey {
    const key = ledgerKey(secret);
    this.known.set(key.id, key);
    return key;
  }

  private async secret(): Promise<Buffer> {
    const { key, keyFile } = this.config.ledger;
    if (key !== null) return Buffer.from(key);
    if (keyFile !== null) return readOrMake(keyFile);
    this.log.warn(
      'The ledger is sealed with a key that is kept in the database: whoever may write there can seal too. ' +
        'Set ledger.key or ledger.keyFile.',
    );
    return serviceSecret(this.database, 'ledger');
  }
}

/** Servers that start together agree: only one of them makes the file. */
function readOrMake(file: string): Buffer {
  try {
    writeFileSync(file, randomBytes(KEY_BYTES).toString('base64'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(readFileSync(file, 'utf8').trim());
}
