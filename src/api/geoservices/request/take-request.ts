import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ArtifactStore } from '../../../artifacts/index.js';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import type { Payload, RunInput } from '../../../execution/index.js';
import {
  discardBody,
  formTypeOf,
  readForm,
  spoolBody,
  watchFields,
} from '../../../execution-adapter/index.js';
import { admit, SignIn } from '../../../identity/index.js';
import { AppError } from '../../../shared/app-error.js';
import { type Parameters, queryParameters, queryText, remember } from './parameters.js';

/** A form of small fields, such as one that asks for a status. */
const SMALL_FORM_BYTES = 65_536;
const URLENCODED = 'application/x-www-form-urlencoded';
/** What must be known of a request before its body is read elsewhere. */
const WATCHED = new Set(['f', 'callback', 'token', 'returnmessages']);
const LONGEST_MEDIA_TYPE = 300;

interface BodyLimits {
  inlineBytes: number;
  maxBytes: number;
}

export interface TakenBody {
  /** The body as it came, and how to read it; a GET's query is a form like any other. */
  mediaType: string;
  payload: Payload;
  /** Of the query, and the few of the body that say how to answer. */
  parameters: Parameters;
}

/** Takes the parameters of requests in, whether they come in the query or in one of three kinds of body. */
@Injectable()
export class TakeRequest {
  constructor(
    private readonly store: ArtifactStore,
    private readonly signIn: SignIn,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /** All parameters of a request that carries no data. Throws AppError. */
  async small(request: Request): Promise<Parameters> {
    const parameters = queryParameters(request);
    if (!hasBody(request)) return this.told(request, parameters);
    const mediaType = mediaTypeOf(request);
    const limits = { inlineBytes: SMALL_FORM_BYTES, maxBytes: SMALL_FORM_BYTES };
    const payload = await spoolBody(request, limits, this.store);
    if (payload.kind !== 'inline') throw new Error('A small form was not kept in memory');
    const bytes = Buffer.from(payload.bytes);
    for (const [name, field] of readForm({ bytes, mediaType, json: (text = bytes) => parse(text) })) {
      const value = 'text' in field ? field.text : field.value;
      if (typeof value === 'string') parameters.set(name, value);
      else if (value !== undefined && value !== null) parameters.set(name, JSON.stringify(value));
    }
    return this.told(request, parameters);
  }

  /** A request that may carry data, unread but for a few small fields. Throws AppError. */
  async large(request: Request, most: Partial<BodyLimits> = {}): Promise<TakenBody> {
    const query = queryText(request);
    const parameters = queryParameters(request);
    remember(request, parameters);
    if (!hasBody(request))
      return {
        mediaType: URLENCODED,
        payload: inline(query),
        parameters: await this.told(request, parameters),
      };
    const mediaType = mediaTypeOf(request);
    const type = formTypeOf(mediaType)!;
    const watch = watchFields(type, WATCHED);
    const { inlinePayloadBytes, maxInputSizeBytes } = this.config.limits;
    const limits = { inlineBytes: inlinePayloadBytes, maxBytes: maxInputSizeBytes, ...most };
    const before = type.kind === 'urlencoded' && query !== '' ? `${query}&` : '';
    const payload = await spoolBody(seen(request, before, watch.see.bind(watch)), limits, this.store);
    if (type.kind === 'json' && !parameters.has('f')) parameters.set('f', 'json');
    for (const [name, value] of watch.end()) parameters.set(name, value);
    try {
      return { mediaType, payload, parameters: await this.told(request, parameters) };
    } catch (error) {
      await this.forget({ payload });
      throw error;
    }
  }

  /** Of a form, the token is known only now, and with it whether the caller may. */
  private async told(request: Request, parameters: Parameters): Promise<Parameters> {
    const token = parameters.get('token');
    remember(request, parameters);
    if (token !== undefined) await this.signIn.identify(request, token);
    admit(request);
    return parameters;
  }

  /** Forgets a body that no run took over. */
  async forget({ payload }: Pick<RunInput, 'payload'>): Promise<void> {
    await discardBody(payload, this.store);
  }
}

function hasBody({ headers, method }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Throws AppError `unsupported-media-type`, before a byte is read. */
function mediaTypeOf({ headers }: Request): string {
  const coding = headers['content-encoding']?.trim().toLowerCase();
  const mediaType = headers['content-type'] ?? URLENCODED;
  const known = mediaType.length <= LONGEST_MEDIA_TYPE && formTypeOf(mediaType) !== undefined;
  if (known && (!coding || coding === 'identity')) return mediaType;
  throw new AppError(
    'unsupported-media-type',
    'unsupported-media-type',
    'Send parameters as application/x-www-form-urlencoded, multipart/form-data or application/json, not compressed.',
  );
}

/** The body with text before it, each chunk seen as it goes by; left early, the request stays usable. */
function seen(request: Request, before: string, see: (chunk: Buffer) => void): Body {
  async function* all(): AsyncGenerator<Buffer> {
    if (before !== '') yield Buffer.from(before);
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      see(chunk as Buffer);
      yield chunk as Buffer;
    }
  }
  const length = request.headers['content-length'];
  const stream = Readable.from(all(), { objectMode: false });
  const headers =
    length === undefined ? {} : { 'content-length': String(Number(length) + Buffer.byteLength(before)) };
  return Object.assign(stream, { headers });
}
type Body = Readable & { headers: { 'content-length'?: string } };

function inline(text: string): Payload {
  const bytes = new Uint8Array(Buffer.from(text));
  return {
    kind: 'inline',
    bytes,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8')) as unknown;
  } catch {
    throw new AppError('invalid-input', 'invalid-input', 'The request body is not valid JSON.');
  }
}
