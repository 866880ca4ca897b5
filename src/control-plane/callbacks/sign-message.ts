import { createHmac } from 'node:crypto';

/** How a signing secret is handed to whoever verifies with it. */
export const writtenSecret = (secret: Uint8Array): string =>
  `whsec_${Buffer.from(secret).toString('base64')}`;

/**
 * The headers of Standard Webhooks: what `webhook-id` names, when this try was made, and an HMAC-SHA256 over both and the
 * body. The id is the same on each try, the time is not.
 */
export function signedHeaders(
  secret: Uint8Array,
  id: string,
  at: Date,
  body: Uint8Array,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}
