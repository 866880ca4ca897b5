import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database } from '../../database/index.js';
import { ExportedHead } from './exported-head.js';
import { LedgerKeys } from './ledger-keys.js';
import {
  hasUnsealed,
  holdsBlock,
  type LedgerHead,
  sealDropped,
  sealErased,
  sealLedger,
} from './seal-ledger.js';

const BUSY_RETRY_MS = 50;
const BUSY_TRIES = 100;

/** Seals committed lines of the ledger soon after they were written. Every server looks; one at a time seals. */
@Injectable()
export class LedgerSealer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(LedgerSealer.name);
  private timer?: NodeJS.Timeout;
  private sealing: Promise<unknown> = Promise.resolve();
  private idle = true;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly keys: LedgerKeys,
    private readonly exported: ExportedHead,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      // A look that takes longer than the interval is not overtaken by the next.
      if (this.idle) this.sealing = this.look();
    }, this.config.ledger.sealEvery);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sealing;
  }

  /** Seals what there is now. */
  async seal(): Promise<void> {
    const found = await this.database.asSystem(hasUnsealed);
    if (!found) return;
    const head = await this.database.asSystem((manager) => sealLedger(manager, this.keys.current));
    if (head) await this.export(head);
  }

  /** Lines of runs older than `before` may be missing from now on: their months are about to be dropped. */
  sealDropped(before: string): Promise<void> {
    return this.whenFree(() =>
      this.database.asSystem((manager) => sealDropped(manager, this.keys.current, before)),
    );
  }

  /** Lines of these runs may be missing: their tenant is about to be erased. */
  sealErased(runIds: string[]): Promise<void> {
    return this.whenFree(() =>
      this.database.asSystem((manager) => sealErased(manager, this.keys.current, runIds)),
    );
  }

  /** A chain that does not hold the last exported head was cut: that head stays, as the proof of it. */
  private async export(head: LedgerHead): Promise<void> {
    const last = await this.exported.read();
    if (last && !(await this.database.asSystem((manager) => holdsBlock(manager, last))))
      return this.log.error(`The ledger does not hold block ${last.position} as it was sealed: verify it`);
    await this.exported.write(head);
  }

  private async look(): Promise<void> {
    this.idle = false;
    try {
      await this.seal();
    } catch (error) {
      this.log.warn(`The ledger could not be sealed: ${(error as Error).message}`);
    } finally {
      this.idle = true;
    }
  }

  private async whenFree(add: () => Promise<LedgerHead | undefined>): Promise<void> {
    for (let tries = 0; tries < BUSY_TRIES; tries++) {
      const head = await add();
      if (head) return this.export(head);
      await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY_MS));
    }
    throw new Error('Another server has been sealing the ledger all the time');
  }
}
