import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { installMoto } from './install-moto.ts';

export const REGION = 'us-east-1';
const START_LIMIT_MS = 60_000;
const SERVER = resolve(import.meta.dirname, '../aws/server.py');

export interface Queue {
  url: string;
  arn: string;
  /** Messages that wait, and those that somebody has received and not yet deleted. */
  count(): Promise<{ waiting: number; taken: number }>;
}

/** A stand-in for AWS (moto) as a process of its own. Nothing is kept when it stops. */
export interface Moto {
  endpoint: string;
  /** What a program needs to find it, and to be let in. */
  environment: Record<string, string>;
  /** The same for clients made here. */
  client: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  s3: S3Client;
  sqs: SQSClient;
  sns: SNSClient;
  events: EventBridgeClient;
  makeBucket(name: string): Promise<void>;
  /** With a dead-letter queue where `maxReceives` is told. */
  makeQueue(
    name: string,
    options?: { visibilitySeconds?: number; maxReceives?: number },
  ): Promise<Queue & { dead?: Queue }>;
  makeTopic(name: string): Promise<string>;
  /** A subscription that gets every message of the topic by POST. */
  subscribe(topicArn: string, url: string): Promise<void>;
  /** What AWS Batch says of the jobs of one of its queues (any, if none is named) goes into `queue`. */
  makeBatchRule(name: string, queue: Queue, jobQueueArn?: string): Promise<void>;
  /** As AWS Batch would say it. AWS itself lets nobody else use its source. */
  putBatchEvents(details: object[], detailType?: string): Promise<void>;
  stop(): Promise<void>;
}

const CREDENTIALS = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const AT_ONCE = 10;

/** Starts one on a free loopback port; the installation is waited for. Throws Hint where there is no Python for it. */
export async function startMoto(): Promise<Moto> {
  const { endpoint, stop } = await spawnServer(await installMoto());
  const client = { endpoint, region: REGION, credentials: CREDENTIALS };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const [sqs, sns, events] = [new SQSClient(client), new SNSClient(client), new EventBridgeClient(client)];

  const makeQueue = async (name: string, attributes: Record<string, string>): Promise<Queue> => {
    const { QueueUrl: url } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    const ask = async (...names: QueueAttributeName[]): Promise<Record<string, string>> => {
      const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names });
      return (await sqs.send(command)).Attributes ?? {};
    };
    return {
      url: url!,
      arn: (await ask('QueueArn')).QueueArn!,
      count: async () => {
        const seen = await ask('ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible');
        return {
          waiting: Number(seen.ApproximateNumberOfMessages),
          taken: Number(seen.ApproximateNumberOfMessagesNotVisible),
        };
      },
    };
  };

  return {
    endpoint,
    client,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    s3,
    sqs,
    sns,
    events,
    makeBucket: async (name) => {
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      const versioning = { Bucket: name, VersioningConfiguration: { Status: 'Enabled' as const } };
      await s3.send(new PutBucketVersioningCommand(versioning));
    },
    makeQueue: async (name, { visibilitySeconds = 30, maxReceives } = {}) => {
      const dead = maxReceives === undefined ? undefined : await makeQueue(`${name}-dead`, {});
      const redrive = dead && JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: maxReceives });
      const queue = await makeQueue(name, {
        VisibilityTimeout: String(visibilitySeconds),
        ...(redrive && { RedrivePolicy: redrive }),
      });
      return { ...queue, ...(dead && { dead }) };
    },
    makeTopic: async (name) => (await sns.send(new CreateTopicCommand({ Name: name }))).TopicArn!,
    subscribe: async (topicArn, url) => {
      await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'http', Endpoint: url }));
    },
    makeBatchRule: async (name, queue, jobQueueArn) => {
      const pattern = {
        source: ['aws.batch'],
        ...(jobQueueArn && { detail: { jobQueue: [jobQueueArn] } }),
      };
      await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
      await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: queue.arn }] }));
    },
    putBatchEvents: async (details, detailType = 'Batch Job State Change') => {
      const entries = details.map((detail) => ({
        Source: 'aws.batch',
        DetailType: detailType,
        Detail: JSON.stringify(detail),
        Time: new Date(),
      }));
      for (let at = 0; at < entries.length; at += AT_ONCE)
        await events.send(new PutEventsCommand({ Entries: entries.slice(at, at + AT_ONCE) }));
    },
    stop: async () => {
      for (const one of [s3, sqs, sns, events]) one.destroy();
      await stop();
    },
  };
}

/** Only what is said of where it listens is looked for; the rest is read away, so that no pipe fills. */
async function spawnServer(python: string): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const child = spawn(python, [SERVER, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const found = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      if (said.length < 50) said.push(line);
      const at = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (at) resolve(at);
    });
  });
  const limit = setTimeout(kill, START_LIMIT_MS);
  const endpoint = await Promise.race([found, ended.then(() => undefined)]);
  clearTimeout(limit);
  if (endpoint === undefined) throw new Error(`moto did not start:\n${said.join('\n')}`);
  return { endpoint, stop };
}
