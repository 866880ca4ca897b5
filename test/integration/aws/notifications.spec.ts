import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../src/config/index.js';
import { TakeNotification } from '../../../src/execution/index.js';
import type { JobDetail } from '../../../src/tiers/cloud-batch/aws/job-detail.js';
import { CompletionIntake } from '../../../src/tiers/cloud-batch/completion-consumer/index.js';
import { ConfirmSubscription } from '../../../src/tiers/cloud-batch/notifications/confirm-subscription.js';
import { fetchCertificate, SnsVerifier } from '../../../src/tiers/cloud-batch/notifications/sns-verifier.js';
import { TakeNotificationHandler } from '../../../src/tiers/cloud-batch/notifications/take-notification.handler.js';
import { startServer, type TestServer } from '../../support/app.js';
import { type Moto, startMoto } from '../../support/moto.js';
import { INSTALL_LIMIT_MS, python } from '../../support/python-worker.js';
import { startReceiver } from '../../support/receiver.js';
import { SnsSigner } from '../../support/sns-signer.js';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:honua-batch-notifications';
const CERTIFICATE = `https://sns.us-east-1.amazonaws.com/SimpleNotificationService-${'0a'.repeat(16)}.pem`;
const event = (jobId: string, status = 'SUCCEEDED'): string =>
  JSON.stringify({
    source: 'aws.batch',
    'detail-type': 'Batch Job State Change',
    detail: { jobId, jobName: `honua-${jobId}-1`, jobQueue: 'arn:q', status, attempts: [] },
  });
const notification = (over: Record<string, string> = {}): Record<string, string> => ({
  Type: 'Notification',
  MessageId: randomUUID(),
  TopicArn: TOPIC,
  Message: event('a'),
  Timestamp: new Date().toISOString(),
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE,
  UnsubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
  ...over,
});
const confirmation = (over: Record<string, string> = {}): Record<string, string> =>
  notification({
    Type: 'SubscriptionConfirmation',
    Message: 'You have chosen to subscribe',
    Token: 't0ken',
    SubscribeURL: 'https://evil.example/?Action=ConfirmSubscription',
    ...over,
  });

/** URLs that other verifiers have taken, or let somebody be called by. */
const BYPASSES = [
  "https://sns.us-east-1.amazonaws.com'.evil.example/x.pem",
  'https://sns.us-east-1.amazonaws.com{.evil.example/x.pem',
  'https://sns.us-east-1.amazonaws.com`.evil.example/x.pem',
  'https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-' + '0a'.repeat(16) + '.pem',
  'https://s3.amazonaws.com/bucket/SimpleNotificationService-' + '0a'.repeat(16) + '.pem',
  'https://sns.us-east-1.amazonaws.com/?x=1.pem',
  'https://sns.us-east-1.amazonaws.com/bucket/SimpleNotificationService-' + '0a'.repeat(16) + '.pem',
  'https://sns.us-east-1.amazonaws.com\\@evil.example/SimpleNotificationService-' + '0a'.repeat(16) + '.pem',
  'https://evilsns.us-east-1.amazonaws.com/SimpleNotificationService-' + '0a'.repeat(16) + '.pem',
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-' + '0a'.repeat(16) + '.pem',
  'https://sns.us-east-1.amazonaws.com.cn/SimpleNotificationService-' + '0a'.repeat(16) + '.pem',
  CERTIFICATE.replace('https:', 'http:'),
  CERTIFICATE.replace('amazonaws.com', 'amazonaws.com:444'),
  CERTIFICATE.replace('sns.', 'user@sns.'),
  CERTIFICATE.replace('sns.', 'evil.example/@sns.'),
  CERTIFICATE.replace('.us-east-1', '%2eus-east-1'),
  `${CERTIFICATE}?x=1`,
  `${CERTIFICATE}#x`,
  `${CERTIFICATE}\n`,
  CERTIFICATE.toUpperCase(),
  '',
];

// Without Python 3.11 or later there is nothing that stands in for SNS, and nothing to make certificates with.
describe.skipIf(!python)('what is told by SNS', () => {
  let sns: SnsSigner;
  let fetched: string[];
  let certificate: () => Promise<string>;
  let confirmed: string[][];
  let told: JobDetail[];
  let refuses: boolean;
  let take: (message: object | string) => Promise<void>;

  beforeAll(async () => {
    sns = await SnsSigner.make();
  }, INSTALL_LIMIT_MS);
  beforeEach(() => {
    [fetched, confirmed, told, refuses] = [[], [], [], false];
    certificate = async () => sns.certificate;
    take = handler();
  });

  function handler(topic: string | null = TOPIC): typeof take {
    const config = loadConfig(resolve(import.meta.dirname, '../../../config'), {});
    config.processing.cloudBatch.snsTopicArn = topic;
    const verifier = new SnsVerifier((url) => {
      fetched.push(url);
      return certificate();
    });
    const subscription = {
      confirm: async (...asked: string[]) => void confirmed.push(asked),
    } satisfies ConfirmSubscription;
    const intake = new CompletionIntake({
      accept: async (detail) => {
        if (refuses) throw new Error('no database');
        told.push(detail);
      },
    });
    const made = new TakeNotificationHandler(config, verifier, subscription, intake);
    return (message) =>
      made.execute(
        new TakeNotification(async () => (typeof message === 'string' ? message : JSON.stringify(message))),
      );
  }

  it.each(['1', '2'])('is acted on once, with a signature of version %s', async (SignatureVersion) => {
    const message = sns.sign(notification({ SignatureVersion, Subject: 'With a subject' }));
    await take(message);
    await take(message);
    await take(sns.sign(notification({ SignatureVersion, Message: event('b', 'FAILED') })));
    expect(told.map(({ jobId, status }) => `${jobId} ${status}`)).toEqual(['a SUCCEEDED', 'b FAILED']);
    expect(fetched).toEqual([CERTIFICATE]);
  });

  it('is refused where no topic is configured, before anything is read', async () => {
    let read = false;
    const config = loadConfig(resolve(import.meta.dirname, '../../../config'), {});
    const none = new TakeNotificationHandler(
      config,
      new SnsVerifier(certificate),
      new ConfirmSubscription(),
      new CompletionIntake({ accept: async () => {} }),
    );
    const body = async (): Promise<string> => {
      read = true;
      return '';
    };
    await expect(none.execute(new TakeNotification(body))).rejects.toMatchObject({ kind: 'forbidden' });
    expect(read).toBe(false);
  });

  it.each([
    TOPIC.replace('123456789012', '210987654321'),
    `${TOPIC}-2`,
    TOPIC.replace('us-east-1', 'us-west-2'),
    TOPIC.toUpperCase(),
    '',
  ])('is refused of the topic %s, with a good signature too, and nothing is fetched', async (TopicArn) => {
    for (const message of [notification({ TopicArn }), confirmation({ TopicArn })])
      await expect(take(sns.sign(message))).rejects.toMatchObject({ kind: 'forbidden' });
    expect([fetched, confirmed, told]).toEqual([[], [], []]);
  });

  it.each(BYPASSES)('is refused with the certificate %j, and nothing is fetched', async (SigningCertURL) => {
    await expect(take(sns.sign(notification({ SigningCertURL })))).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    expect([fetched, told]).toEqual([[], []]);
  });

  it('is refused where it was forged or changed', async () => {
    const forger = await SnsSigner.make();
    const good = sns.sign(notification());
    const forged = [
      forger.sign(notification()),
      { ...good, Message: event('a', 'FAILED') },
      { ...good, MessageId: randomUUID() },
      { ...good, Timestamp: new Date(Date.now() + 1000).toISOString() },
      { ...good, Subject: 'added' },
      { ...good, SignatureVersion: '1' },
      { ...good, Type: 'UnsubscribeConfirmation' },
      { ...good, Signature: '' },
      { ...sns.sign(confirmation()), Token: 'another' },
    ];
    for (const message of forged)
      await expect(take(message)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect([confirmed, told]).toEqual([[], []]);
  });

  it('is refused where somebody kept it', async () => {
    const Timestamp = new Date(Date.now() - 3 * 3_600_000).toISOString();
    await expect(take(sns.sign(notification({ Timestamp })))).rejects.toMatchObject({
      code: 'stale-notification',
    });
    expect(told).toEqual([]);
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '"Notification"',
    JSON.stringify({ Type: 'Notification', TopicArn: TOPIC }),
    JSON.stringify(notification({ Signature: 'x', SignatureVersion: '3' })),
    JSON.stringify(notification({ Signature: '%%%' })),
    JSON.stringify(notification({ Signature: '', Timestamp: 'yesterday' })),
  ])('is refused where it is none (%#)', async (body) => {
    await expect(take(body)).rejects.toMatchObject({ kind: 'invalid-input' });
    expect(fetched).toEqual([]);
  });

  it('is refused where its message is no event, and counts as handled never', async () => {
    const poison = sns.sign(notification({ Message: 'hello' }));
    await expect(take(poison)).rejects.toMatchObject({ kind: 'invalid-input' });
    await expect(take(poison)).rejects.toMatchObject({ kind: 'invalid-input' });
    await take(sns.sign(notification()));
    expect(told).toHaveLength(1);
  });

  it('comes again where nobody could act on it', async () => {
    const message = sns.sign(notification());
    refuses = true;
    await expect(take(message)).rejects.toMatchObject({ kind: 'unavailable' });
    refuses = false;
    await take(message);
    expect(told).toHaveLength(1);
  });

  it('confirms a subscription by the API, by its token, and not by a URL', async () => {
    const called = vi.spyOn(globalThis, 'fetch');
    await take(sns.sign(confirmation()));
    expect(confirmed).toEqual([[TOPIC, 't0ken']]);
    expect(called).not.toHaveBeenCalled();
    called.mockRestore();
    expect(fetched).toEqual([CERTIFICATE]);
  });

  it('keeps a certificate when it is good, and only then', async () => {
    const message = () => sns.sign(notification());
    certificate = () => Promise.reject(new Error('answered 503'));
    await expect(take(message())).rejects.toMatchObject({ kind: 'unavailable' });
    certificate = async () => 'Service unavailable';
    await expect(take(message())).rejects.toMatchObject({ kind: 'unavailable' });
    const old = await SnsSigner.make(-30, -1);
    certificate = async () => old.certificate;
    await expect(take(old.sign(notification()))).rejects.toMatchObject({ kind: 'unavailable' });
    certificate = async () => sns.certificate;
    await take(message());
    await take(message());
    expect(fetched).toHaveLength(4);
  });

  it('does not fetch for everybody who names another certificate', async () => {
    certificate = () => Promise.reject(new Error('answered 404'));
    for (let index = 0; index < 40; index++) {
      const name = index.toString(16).padStart(32, '0');
      const SigningCertURL = CERTIFICATE.replace('0a'.repeat(16), name);
      await expect(take(sns.sign(notification({ SigningCertURL })))).rejects.toMatchObject({
        kind: 'unavailable',
      });
    }
    expect(fetched).toHaveLength(20);
  });

  it('fetches no more than a certificate: short, at once, from there', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      if (request.url === '/moved') response.writeHead(302, { location: '/good' });
      if (request.url === '/sick') response.writeHead(503);
      response.end(request.url === '/long' ? 'x'.repeat(100_000) : 'pem');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = (path: string) =>
      fetchCertificate(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, 16_384);
    expect(await at('/good')).toBe('pem');
    for (const path of ['/moved', '/sick', '/long']) await expect(at(path)).rejects.toThrow();
    expect(asked).toEqual(['/good', '/moved', '/sick', '/long']);
    server.closeAllConnections();
    server.close();
  });

  describe('as something else than our own code sends it', () => {
    let moto: Moto;
    beforeAll(async () => {
      moto = await startMoto();
      for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value);
    }, INSTALL_LIMIT_MS);
    afterAll(async () => {
      vi.unstubAllEnvs();
      await moto.stop();
    });

    it('is taken: signed, posted, and its certificate at the host that it names', async () => {
      const receiver = await startReceiver();
      const topic = await moto.makeTopic('honua-batch-notifications');
      await moto.subscribe(topic, `${receiver.url}/hook`);
      await moto.sns.send(new PublishCommand({ TopicArn: topic, Message: event('moto') }));
      const { body } = await receiver.until(({ path }) => path === '/hook');
      certificate = () => fromMoto(moto, fetched.at(-1)!);
      await handler(topic)(body);
      expect(told.map(({ jobId }) => jobId)).toEqual(['moto']);
      await receiver.close();
    });

    it('is subscribed to by the API', async () => {
      const topic = await moto.makeTopic('to-confirm');
      await expect(new ConfirmSubscription().confirm(topic, 'token')).resolves.toBeUndefined();
      vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
      vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
      await expect(new ConfirmSubscription().confirm(topic, 'token')).rejects.toMatchObject({
        kind: 'unavailable',
      });
    });
  });
});

/** moto answers for every host and service of AWS, by what a request says of itself. */
async function fromMoto(moto: Moto, url: string): Promise<string> {
  const { host, pathname } = new URL(url);
  const [answer] = await once(
    get(`${moto.endpoint}${pathname}`, {
      headers: {
        host,
        authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/sns/aws4_request',
      },
    }),
    'response',
  );
  return text(answer);
}

describe('the webhook of the server', () => {
  const path = '/api/geoprocessing/webhooks/batch-complete';
  const post = (server: TestServer, body: string, type = 'text/plain; charset=UTF-8') =>
    fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': type } });

  it('is refused until a topic is configured', async () => {
    const server = await startServer();
    const answer = await post(server, JSON.stringify(notification({ Signature: '' })));
    expect([answer.status, (await answer.json()).code]).toEqual([403, 'topic-not-allowed']);
    await server.close();
  });

  it('takes text, and refuses what is foreign, forged, malformed or too large', async () => {
    const server = await startServer({ Processing__CloudBatch__SnsTopicArn: TOPIC });
    const statusOf = async (over: Record<string, string>, type?: string) =>
      (await post(server, JSON.stringify(notification({ Signature: '', ...over })), type)).status;
    expect(await statusOf({ TopicArn: `${TOPIC}2` })).toBe(403);
    expect(await statusOf({ SigningCertURL: 'https://evil.example/x.pem' })).toBe(401);
    expect(await statusOf({ SigningCertURL: 'https://evil.example/x.pem' }, 'application/json')).toBe(401);
    expect((await post(server, 'hello')).status).toBe(400);
    expect((await post(server, 'x'.repeat(1_100_000))).status).toBe(413);
    await server.close();
  });
});
