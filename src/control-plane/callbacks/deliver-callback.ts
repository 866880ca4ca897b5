import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { OutboundError, OutboundHttp } from '../../outbound-http/index.js';
import { AppError } from '../../shared/app-error.js';
import { GetResults } from '../queries/get-results.js';
import { GetRun } from '../queries/get-run.js';
import type { ProcessRun } from '../run/process-run.entity.js';
import { CallbackSecrets } from './callback-secrets.js';
import { type CallbackMessage, CallbackVoices } from './callback-voices.js';
import { signedHeaders } from './sign-message.js';

/** What the move of a run queued (`tell_subscriber` in the database): whom to tell of which moment. */
export interface CallbackJob {
  runId: string;
  tenant: string;
  /** The moment's place in the run's ledger. */
  seq: number;
  state: 'running' | 'succeeded' | 'failed' | 'cancelled';
  uri: string;
}

/** `dropped`: there is nothing to say any more. `refused`: the receiver wants no more, or may not be called. */
export type Delivery = 'delivered' | 'dropped' | 'refused';

const MAX_ANSWER_BYTES = 65_536;
const GONE = 410;

/** One try at telling a subscriber. */
@Injectable()
export class DeliverCallback {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly queries: QueryBus,
    private readonly voices: CallbackVoices,
    private readonly secrets: CallbackSecrets,
    private readonly http: OutboundHttp,
  ) {}

  /** Throws where it is to be tried again, with what happened for people to read. */
  async deliver(job: CallbackJob): Promise<Delivery> {
    const message = await this.messageOf(job);
    if (!message) return 'dropped';
    const id = `msg_${job.runId}_${job.seq}`;
    const { contentType, body } = message;
    const headers = signedHeaders(await this.secrets.of(job.tenant), id, new Date(), body);
    const status = await this.post(job.uri, body, { 'content-type': contentType, ...headers });
    if (status === undefined || status === GONE) return 'refused';
    if (status < 200 || status > 299) throw new Error(`It answered with status ${status}.`);
    return 'delivered';
  }

  private async post(
    uri: string,
    body: Uint8Array,
    headers: Record<string, string>,
  ): Promise<number | undefined> {
    try {
      const answer = await this.http.call(uri, {
        method: 'POST',
        headers,
        body,
        maxBytes: MAX_ANSWER_BYTES,
        timeoutMs: this.config.callbacks.timeout,
      });
      answer.body.on('error', () => {}).destroy(); // only the status counts
      return answer.status;
    } catch (error) {
      if (error instanceof OutboundError && error.reason === 'refused') return undefined;
      throw error;
    }
  }

  private async messageOf(job: CallbackJob): Promise<CallbackMessage | undefined> {
    const principal = { tenant: job.tenant, user: 'callback', scopes: ['read' as const] };
    const run = await this.queries.execute(new GetRun(principal, job.runId)).catch(unlessGone);
    if (!run) return undefined;
    const voice = this.voices.of(run.surface);
    const base = run.responseSpec.base ?? '';
    // Older progress than there is would only confuse.
    if (job.state === 'running') return isLatest(run, job) ? voice.progress(run, base) : undefined;
    try {
      return await voice.results(await this.queries.execute(new GetResults(principal, run.id, run)), base);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'unavailable') throw error;
      // Results that were there and have gone are nothing to tell of.
      return job.state === 'succeeded' ? undefined : voice.failure(error);
    }
  }
}

const isLatest = (run: ProcessRun, { seq }: CallbackJob): boolean =>
  run.state === 'running' && run.eventSeq === seq;

function unlessGone(error: unknown): undefined {
  if (error instanceof AppError && (error.kind === 'gone' || error.kind === 'not-found')) return undefined;
  throw error;
}
