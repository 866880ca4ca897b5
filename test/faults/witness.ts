import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Status } from '../support/ogc-client.js';

/** A server that is stopped accepts connections and says nothing: the client gives up and asks another one. */
const PATIENCE_MS = 3_000;
const TRIES = 200;

export type Kind = 'sync' | 'async' | 'cancel' | 'cut';

/** What the outside saw of one run. `breaches` says in words what must never have been seen. */
export interface Witnessed {
  nonce: string;
  kind: Kind;
  path?: string;
  statuses: Status['status'][];
  cancelled: boolean;
  digest?: string;
  breaches: string[];
}

const ORDER: Record<Status['status'], number> = {
  accepted: 0,
  running: 1,
  successful: 2,
  failed: 2,
  dismissed: 2,
};

/** One client of the service, over whichever servers there are at the moment. */
export class Witness {
  constructor(private readonly servers: () => string[]) {}

  /** Submits, follows the run to its end from outside, and writes down what it sees. */
  async follow(nonce: string, kind: Kind, pauseSeconds: number): Promise<Witnessed> {
    const seen: Witnessed = { nonce, kind, statuses: [], cancelled: false, breaches: [] };
    await this.submit(seen, pauseSeconds);
    if (kind === 'cancel') {
      await pause(Math.random() * 500);
      await this.cancel(seen);
    }
    if (seen.path) await this.untilOver(seen);
    return seen;
  }

  /** What must hold of a finished run at any later time, on every server. */
  async lookAgain(seen: Witnessed): Promise<void> {
    if (!seen.path) return;
    for (const server of this.servers()) await this.observe(seen, server);
  }

  /** The status, noted; and results exactly where there should be some. */
  private async observe(seen: Witnessed, server?: string): Promise<Status['status'] | undefined> {
    const reply = await this.ask(seen.path!, {}, server);
    if (!reply) return undefined;
    if (reply.status === 410 && seen.cancelled) return this.note(seen, 'dismissed');
    if (reply.status !== 200) {
      if (reply.status !== 503) seen.breaches.push(`its status answers ${reply.status}`);
      return undefined;
    }
    const { status } = (await reply.json()) as Status;
    this.note(seen, status);
    if (ORDER[status] === 2) await this.checkResults(seen, status, server);
    return status;
  }

  private note(seen: Witnessed, status: Status['status']): Status['status'] {
    const last = seen.statuses.at(-1);
    if (last && ORDER[last] === 2 && status !== last) seen.breaches.push(`${last} became ${status}`);
    if (seen.cancelled && status !== 'dismissed') seen.breaches.push(`${status} after a cancel`);
    if (status !== last) seen.statuses.push(status);
    return status;
  }

  private async checkResults(seen: Witnessed, status: Status['status'], server?: string): Promise<void> {
    const reply = await this.ask(`${seen.path}/results`, {}, server);
    if (!reply || reply.status === 503) return;
    if (status !== 'successful') {
      if (reply.status === 200) seen.breaches.push(`${status}, and yet there are results`);
      return;
    }
    const bytes = Buffer.from(await reply.arrayBuffer());
    if (reply.status !== 200) seen.breaches.push(`successful, and its results answer ${reply.status}`);
    else this.checkBody(seen, bytes);
  }

  private checkBody(seen: Witnessed, bytes: Buffer): void {
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (!bytes.includes(`"${seen.nonce}"`))
      seen.breaches.push(`the result is another's: ${bytes.toString()}`);
    if (seen.digest && seen.digest !== digest) seen.breaches.push('the result has changed');
    seen.digest = digest;
  }

  /** With the same key, until it is answered: whatever was cut before, there is one run. */
  private async submit(seen: Witnessed, pauseSeconds: number): Promise<void> {
    const request: RequestInit = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': seen.nonce,
        ...(seen.kind === 'sync' ? {} : { prefer: 'respond-async' }),
      },
      body: JSON.stringify({ inputs: { echo: seen.nonce, pause: pauseSeconds }, response: 'document' }),
    };
    if (seen.kind === 'cut') await this.sendAndCut(request);
    for (let tries = 0; tries < TRIES; tries++) {
      const reply = await this.ask('/processes/echo/execution', request);
      if (reply?.status === 201) {
        seen.path = new URL(reply.headers.get('location')!).pathname;
        return;
      }
      if (reply?.status === 200) {
        this.checkBody(seen, Buffer.from(await reply.arrayBuffer()));
        seen.path = /\/jobs\/[0-9a-f-]{36}/.exec(reply.headers.get('link') ?? '')?.[0];
        return;
      }
      if (reply && reply.status !== 503)
        seen.breaches.push(`the submit answers ${reply.status}: ${await reply.text()}`);
      await pause(100);
    }
    seen.breaches.push('it was never accepted');
  }

  private async sendAndCut(request: RequestInit): Promise<void> {
    const signal = AbortSignal.timeout(1 + Math.floor(Math.random() * 15));
    await fetch(`${this.anyServer()}/processes/echo/execution`, { ...request, signal }).catch(() => {});
  }

  private async cancel(seen: Witnessed): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const reply = await this.ask(seen.path!, { method: 'DELETE' });
      if (reply?.status === 200 || reply?.status === 410) {
        seen.cancelled = true;
        seen.statuses = ['dismissed'];
        seen.digest = undefined;
        return;
      }
      if (reply && reply.status !== 503) seen.breaches.push(`the cancel answers ${reply.status}`);
      await pause(100);
    }
    seen.breaches.push('it was never cancelled');
  }

  private async untilOver(seen: Witnessed): Promise<void> {
    const limit = performance.now() + 60_000;
    while (performance.now() < limit) {
      const status = await this.observe(seen);
      if (status && ORDER[status] === 2) return;
      await pause(40);
    }
    seen.breaches.push(`it is still ${seen.statuses.at(-1)} after a minute`);
  }

  /** Undefined: no answer, or half a one, which says nothing. */
  private async ask(
    path: string,
    request: RequestInit,
    server = this.anyServer(),
  ): Promise<Response | undefined> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const reply = await fetch(new URL(path, server), { ...request, signal });
      const body = await reply.arrayBuffer();
      return new Response(body.byteLength > 0 ? body : null, reply);
    } catch {
      return undefined;
    }
  }

  private anyServer(): string {
    const servers = this.servers();
    return servers[Math.floor(Math.random() * servers.length)]!;
  }
}
