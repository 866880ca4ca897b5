import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database, Notifications } from '../../database/index.js';
import { findCancelIntents, renewLeases } from '../run/renew-leases.js';
import { LiveAttempts } from './live-attempts.js';

const LOOK_EVERY_MS = 1_000;
const LONGEST_MARGIN_MS = 5_000;

/**
 * Keeps the leases of this process's attempts alive, all in one statement, and notices what ends an attempt from outside:
 * a cancel, another owner, or a database that cannot be told any more.
 */
@Injectable()
export class LeaseKeeper implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(LeaseKeeper.name);
  private readonly leaseMs: number;
  private readonly marginMs: number;
  private timers: NodeJS.Timeout[] = [];
  private unsubscribe?: () => void;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly live: LiveAttempts,
  ) {
    this.leaseMs = config.scheduling.lease;
    this.marginMs = Math.min(LONGEST_MARGIN_MS, this.leaseMs / 6);
  }

  onModuleInit(): void {
    this.unsubscribe = this.notifications.subscribe('honua_cancel', (runId) => {
      if (runId) this.live.stop(runId, 'cancelled');
    });
    this.timers = [
      setInterval(() => void this.renew(), this.config.scheduling.renewEvery),
      setInterval(() => void this.look(), Math.min(LOOK_EVERY_MS, this.leaseMs / 6)),
    ];
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.unsubscribe?.();
  }

  private async renew(): Promise<void> {
    const held = this.live.all();
    if (held.length === 0) return;
    const sentAt = performance.now();
    try {
      const renewed = await this.database.asSystem((manager) =>
        renewLeases(
          manager,
          held.map(({ ref }) => ref),
          this.leaseMs,
        ),
      );
      const kept = new Map(renewed.map((lease) => [lease.runId, lease]));
      for (const attempt of held) {
        const lease = kept.get(attempt.ref.runId);
        if (!lease)
          void this.live.stopAttempt(attempt, 'lost'); // or it has just ended, then nothing is left to stop
        else attempt.leaseEndsAt = sentAt + this.leaseMs;
        if (lease?.cancelRequested) void this.live.stopAttempt(attempt, 'cancelled');
      }
    } catch (error) {
      this.log.warn(`Leases could not be renewed: ${(error as Error).message}`);
    }
  }

  private async look(): Promise<void> {
    const held = this.live.all();
    for (const attempt of held) {
      if (performance.now() > attempt.leaseEndsAt - this.marginMs)
        void this.live.stopAttempt(attempt, 'lost');
    }
    const runIds = held.filter(({ stopping }) => !stopping).map(({ ref }) => ref.runId);
    if (runIds.length === 0) return;
    try {
      const wanted = await this.database.asSystem((manager) => findCancelIntents(manager, runIds));
      for (const runId of wanted) this.live.stop(runId, 'cancelled');
    } catch (error) {
      this.log.warn(`Cancel requests could not be looked for: ${(error as Error).message}`);
    }
  }
}
