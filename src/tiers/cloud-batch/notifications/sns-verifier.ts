import { X509Certificate, type KeyObject, verify } from 'node:crypto';
import { AppError } from '../../../shared/app-error.js';
import { type SnsMessage, signedText } from './sns-message.js';
import { topicPlace } from './topic-arn.js';

/** Gets what is at a URL; no more than `maxBytes`, no redirect is followed. */
export type FetchCertificate = (url: string, maxBytes: number) => Promise<string>;

const HASHES = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;
const PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;
const MOST_BYTES = 16 * 1024;
const MOST_KEPT = 8;
/** Anybody can name certificates that there are not: each costs a call. */
const MOST_FETCHES = 20;
const FETCHES_PER_MS = 60_000;

/** Whether SNS sent a message. It says nothing of which topic: anybody has topics. */
export class SnsVerifier {
  private readonly keys = new Map<string, { key: KeyObject; until: number }>();
  private fetches: number[] = [];

  constructor(private readonly fetchCertificate: FetchCertificate) {}

  /** Throws AppError: `unauthenticated` for a signature that is not right, `unavailable` where that cannot be told now. */
  async verify(message: SnsMessage): Promise<void> {
    const url = certificateUrl(message);
    if (url === undefined) throw forged();
    const key = await this.keyAt(url);
    const { SignatureVersion, Signature } = message;
    const right = verify(
      HASHES[SignatureVersion],
      Buffer.from(signedText(message)),
      key,
      Buffer.from(Signature, 'base64'),
    );
    if (!right) throw forged();
  }

  private async keyAt(url: string): Promise<KeyObject> {
    const now = Date.now();
    const kept = this.keys.get(url);
    if (kept && kept.until > now) return kept.key;
    this.keys.delete(url);
    this.fetches = this.fetches.filter((at) => now - at < FETCHES_PER_MS);
    if (this.fetches.length >= MOST_FETCHES) throw unknown();
    this.fetches.push(now);
    const pem = await this.fetchCertificate(url, MOST_BYTES).catch((cause: unknown) => {
      throw unknown(cause);
    });
    const found = keyOf(pem, now);
    this.keys.set(url, found);
    for (const [oldest] of this.keys) if (this.keys.size > MOST_KEPT) this.keys.delete(oldest);
    return found.key;
  }
}

/** Where a certificate may be: at the host of SNS in the topic's own region, by the very letters. */
export function certificateUrl({ SigningCertURL, TopicArn }: SnsMessage): string | undefined {
  const host = topicPlace(TopicArn)?.host;
  const start = `https://${host}/`;
  if (host === undefined || !SigningCertURL.startsWith(start)) return undefined;
  return PATH.test(SigningCertURL.slice(start.length - 1)) ? SigningCertURL : undefined;
}

function keyOf(pem: string, now: number): { key: KeyObject; until: number } {
  try {
    const { publicKey: key, validFromDate, validToDate } = new X509Certificate(pem);
    const until = validToDate.getTime();
    if (key.asymmetricKeyType === 'rsa' && validFromDate.getTime() <= now && now < until)
      return { key, until };
  } catch (cause) {
    throw unknown(cause);
  }
  throw unknown();
}

/** An answer that is too long, late, no 200, or from elsewhere is none. */
export const fetchCertificate: FetchCertificate = async (url, maxBytes) => {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (answer.status !== 200 || !answer.body) throw new Error(`answered ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const forged = (): AppError =>
  new AppError('unauthenticated', 'bad-signature', 'The signature of the message is not right.');
const unknown = (cause?: unknown): AppError =>
  new AppError(
    'unavailable',
    'certificate-unavailable',
    'The certificate of the message cannot be had now.',
    {
      cause,
    },
  );
