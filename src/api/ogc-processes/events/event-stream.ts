import { once } from 'node:events';
import type { Response } from 'express';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;

/** An open text/event-stream answer. `signal` aborts when the client hangs up. */
export class EventStream {
  private readonly hangup = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  readonly signal = this.hangup.signal;

  constructor(private readonly response: Response) {
    response.on('error', () => this.hangup.abort());
    response.once('close', () => {
      clearInterval(this.heartbeat);
      this.hangup.abort();
    });
    response.status(200);
    response.setHeader('content-type', 'text/event-stream');
    response.setHeader('cache-control', 'no-cache, no-transform');
    // A buffering proxy would hold the events back.
    response.setHeader('x-accel-buffering', 'no');
    response.flushHeaders();
    response.write(`retry: ${RETRY_MS}\n\n`);
    this.heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  }

  /** Waits while the client is slower than the events. */
  async send(id: number, data: unknown): Promise<void> {
    if (this.signal.aborted) return;
    if (this.response.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`)) return;
    await once(this.response, 'drain', { signal: this.signal }).catch(() => undefined);
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.response.end();
  }
}
