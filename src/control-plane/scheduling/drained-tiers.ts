import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database, Notifications } from '../../database/index.js';
import type { TierName } from '../../registry/index.js';

export interface Drained {
  reason: string;
  by: string;
  at: Date;
}

const CHANNEL = 'honua_tiers';
/** Behind the notification, which may be missed. */
const REREAD_MS = 2_000;

/** Which tiers an operator has taken out of service: what runs there ends, nothing new is admitted or claimed. */
@Injectable()
export class DrainedTiers implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(DrainedTiers.name);
  private drained = new Map<TierName, Drained>();
  private readonly listeners = new Set<() => void>();
  private timer?: NodeJS.Timeout;
  private stopListening?: () => void;

  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.read();
    const again = (): void =>
      void this.read().catch((error: Error) => this.log.warn(`Not read: ${error.message}`));
    this.stopListening = this.notifications.subscribe(CHANNEL, again);
    this.timer = setInterval(again, REREAD_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopListening?.();
  }

  find(tier: TierName): Drained | undefined {
    return this.drained.get(tier);
  }

  /** Tells when tiers were taken out or put back. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  async drain(tier: TierName, reason: string, by: string): Promise<void> {
    await this.write(
      `insert into drained_tiers (tier, reason, drained_by) values ($1, $2, $3)
       on conflict (tier) do update set reason = excluded.reason, drained_by = excluded.drained_by`,
      [tier, reason, by],
    );
  }

  async resume(tier: TierName): Promise<void> {
    await this.write('delete from drained_tiers where tier = $1', [tier]);
  }

  private async write(statement: string, values: unknown[]): Promise<void> {
    await this.database.asSystem((manager) =>
      manager.transaction(async (tx) => {
        await tx.query(statement, values);
        await tx.query(`select pg_notify('${CHANNEL}', '')`);
      }),
    );
    await this.read();
  }

  private async read(): Promise<void> {
    const rows = await this.database.asSystem((manager) =>
      manager.query<{ tier: TierName; reason: string; drained_by: string; drained_at: Date }[]>(
        'select * from drained_tiers',
      ),
    );
    this.drained = new Map(
      rows.map(({ tier, reason, drained_by: by, drained_at: at }) => [tier, { reason, by, at }]),
    );
    for (const listener of this.listeners) listener();
  }
}
