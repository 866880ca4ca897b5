import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { withStartupOptions } from './connection-options.js';

/** `payload` is undefined after a reconnect: anything may have been missed, look for yourself. */
export type NotificationListener = (payload: string | undefined) => void;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** A connection that died without a word is found by this much silence of the kernel. */
const KEEP_ALIVE_MS = 10_000;

/** The one LISTEN connection of this process. A notification carries no truth: read the rows after it. */
export class Notifications {
  private readonly log = new Logger(Notifications.name);
  private readonly listeners = new Map<string, Set<NotificationListener>>();
  private client?: Client;
  private retryMs = FIRST_RETRY_MS;
  private retry?: NodeJS.Timeout;
  private closed = false;
  private listening: Promise<void> = Promise.resolve();

  constructor(private readonly url: string) {}

  /** Connects; channels subscribed to later are listened to from then on. */
  async open(): Promise<void> {
    const client = new Client({
      ...this.connection(),
      application_name: 'honua-listen',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    });
    client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`listen ${channel}`);
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.client = client;
    this.retryMs = FIRST_RETRY_MS;
  }

  /** Whether this process hears at the moment. Without it the polls behind still work. */
  get connected(): boolean {
    return this.client !== undefined;
  }

  /** Channel names are ours alone: lower-case letters and `_`. Returns the way to stop. */
  subscribe(channel: string, listener: NotificationListener): () => void {
    let group = this.listeners.get(channel);
    if (!group) {
      this.listeners.set(channel, (group = new Set()));
      this.listening = this.listening.then(() => this.listen(channel));
    }
    group.add(listener);
    return () => group.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => {});
  }

  private connection(): { connectionString: string; options: string } {
    const { url, extra } = withStartupOptions(this.url, ['-c role=honua_system']);
    return { connectionString: url, options: extra.options };
  }

  /** One after the other: the connection takes one statement at a time. */
  private async listen(channel: string): Promise<void> {
    const { client } = this;
    await client?.query(`listen ${channel}`).catch((error: Error) => this.lost(client, error));
  }

  private tell(channel: string, payload: string | undefined): void {
    for (const listener of this.listeners.get(channel) ?? []) listener(payload);
  }

  private lost(client: Client, error?: Error): void {
    if (client !== this.client || this.closed) return;
    this.client = undefined;
    this.log.warn(`The listening connection was lost (${error?.message ?? 'ended'}); reconnecting`);
    client.end().catch(() => {});
    this.reconnectLater();
  }

  private reconnectLater(): void {
    this.retry = setTimeout(() => {
      this.open().then(
        () => {
          this.log.log('Listening again');
          for (const channel of this.listeners.keys()) this.tell(channel, undefined);
        },
        () => this.reconnectLater(),
      );
    }, this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }
}
