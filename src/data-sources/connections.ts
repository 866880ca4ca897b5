import { readFileSync } from 'node:fs';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../config/index.js';
import { WorkSessions } from '../database/index.js';
import { AppError } from '../shared/app-error.js';

/** Connections that layers are read with, beside those of the service itself. */
const SIZE = 2;

/** The databases that layers are read from: the service's own, and those that the configuration names. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  private readonly open = new Map<string, WorkSessions>();

  constructor(@Inject(CONFIG) private readonly config: HonuaConfig) {}

  has(name: string): boolean {
    return Object.hasOwn(this.config.connections, name);
  }

  /** Throws AppError `unavailable` where the configuration does not say enough of it; the URL is never told. */
  to(name: string | undefined): WorkSessions {
    const key = name ?? '';
    const known = this.open.get(key);
    if (known) return known;
    const url = name === undefined ? this.config.database.url! : this.urlOf(name);
    const sessions = WorkSessions.open(url, { size: SIZE, name: 'honua-layers' });
    this.open.set(key, sessions);
    return sessions;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.open.values()].map((sessions) => sessions.close()));
  }

  private urlOf(name: string): string {
    const { url, urlFile } = this.has(name) ? this.config.connections[name]! : {};
    try {
      const found = url ?? (urlFile !== undefined && readFileSync(urlFile, 'utf8').trim());
      if (found) return new URL(found).href;
    } catch {
      // The secret may be part of what it says.
    }
    throw new AppError('unavailable', 'layer-unreadable', `Connection '${name}' is not set up.`);
  }
}
