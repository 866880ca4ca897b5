import { z } from 'zod';
import { invalidInput } from '../../../shared/app-error.js';

const text = z.string().max(2048);

const message = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: text.min(1),
  TopicArn: text,
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64().max(2048),
  SigningCertURL: text,
  Subject: text.nullish(),
  Token: text.nullish(),
  SubscribeURL: text.nullish(),
});

/** A message of Amazon SNS, as it posts it. */
export type SnsMessage = z.infer<typeof message>;

/** Throws AppError `invalid-input`. */
export function readSnsMessage(body: string): SnsMessage {
  try {
    return message.parse(JSON.parse(body));
  } catch {
    throw invalidInput('The body is no message of Amazon SNS.');
  }
}

const OF_NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const OF_CONFIRMATION = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const;

/** What the signature is of: the names and values of these members, each on a line ("Verifying message signatures" of SNS). */
export function signedText(sns: SnsMessage): string {
  const names = sns.Type === 'Notification' ? OF_NOTIFICATION : OF_CONFIRMATION;
  return names
    .filter((name) => sns[name] !== undefined && sns[name] !== null)
    .map((name) => `${name}\n${sns[name]}\n`)
    .join('');
}
