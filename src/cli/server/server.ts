import type { Readable } from 'node:stream';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Credential } from './credential.js';
import { postStream } from './post-stream.js';
import { failureOfReply } from './problem-failure.js';

export interface ServerOptions {
  /** Its root, without a slash at the end. */
  url: string;
  credential?: Credential;
  /** How long it may be silent, in milliseconds. */
  patienceMs: number;
  /** Aborts with the failure that the command is to end with. */
  signal: AbortSignal;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Ends this request alone. */
  signal?: AbortSignal;
}

const JSON_TYPES = 'application/json, application/problem+json';

/** The server as the command talks to it: paths begin at its root; whatever is not 2xx is thrown as a Failure. */
export class Server {
  readonly url: string;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  private readonly credential?: Credential;

  constructor({ url, credential, patienceMs, signal }: ServerOptions) {
    this.url = url;
    this.patienceMs = patienceMs;
    this.signal = signal;
    this.credential = credential;
  }

  async json<T>(path: string, sent: Sent = {}): Promise<T> {
    return this.read<T>(await this.send(path, { ...sent, headers: { accept: JSON_TYPES, ...sent.headers } }));
  }

  /** The JSON of an answer. */
  async read<T>(reply: Response): Promise<T> {
    const text = await this.heard(reply.text());
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new Failure(EXIT.failed, `The server at ${this.url} answered what is not JSON.`, { cause });
    }
  }

  /** The answer, its body unread. */
  async send(path: string, { method = 'GET', headers, body, signal }: Sent = {}): Promise<Response> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(this.silent()), this.patienceMs);
    try {
      const answer = fetch(this.url + path, {
        method,
        headers: { ...headers, ...this.credential?.headers() },
        body,
        // The credential is for this server: wherever else it leads, somebody has to say so.
        redirect: 'manual',
        signal: AbortSignal.any([this.signal, silence.signal, ...(signal ? [signal] : [])]),
      });
      return await this.accepted(await this.heard(answer));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a body as it is read. How long that takes is up to its size. */
  async sendStream(path: string, body: Readable, headers: Record<string, string>): Promise<Response> {
    const all = { accept: JSON_TYPES, ...headers, ...this.credential?.headers() };
    const answer = postStream(this.url + path, { headers: all, body, signal: this.signal });
    return this.accepted(await this.heard(answer));
  }

  /** What goes wrong on the way as a Failure; an abort is one already. */
  async heard<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (this.signal.aborted) throw this.signal.reason as Failure;
      if (error instanceof Failure) throw error;
      throw new Failure(EXIT.unreachable, `The server at ${this.url} cannot be reached: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  private async accepted(reply: Response): Promise<Response> {
    if (reply.ok) return reply;
    throw isRedirect(reply) ? this.redirected(reply) : await failureOfReply(reply);
  }

  private silent(): Failure {
    const seconds = this.patienceMs / 1_000;
    return new Failure(EXIT.unreachable, `The server at ${this.url} did not answer within ${seconds} s.`);
  }

  private redirected(reply: Response): Failure {
    const where = reply.headers.get('location') ?? 'another place';
    return new Failure(
      EXIT.unreachable,
      `The server at ${this.url} leads to ${where}: give its own URL to --server.`,
    );
  }
}

const isRedirect = ({ status }: Response): boolean => status >= 300 && status < 400;

/** The innermost cause says what happened; fetch itself says only that it failed. */
function reasonOf(error: unknown): string {
  let found = error;
  while (found instanceof Error && found.cause instanceof Error) found = found.cause;
  if (found instanceof AggregateError && found.errors.length > 0) found = found.errors[0] as unknown;
  return found instanceof Error ? found.message || found.name : String(found);
}
