import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueUrlCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Logger } from '@nestjs/common';
import { Consumer } from 'sqs-consumer';
import type { JobDetail } from '../aws/job-detail.js';
import type { CompletionIntake } from './completion-intake.js';

export interface CompletionQueueSettings {
  /** Its name, or its URL. */
  queue: string;
  region: string;
  /** How long a message that nobody deleted stays hidden. */
  visibilitySeconds?: number;
  /** How long a receive waits for something to come. */
  waitSeconds?: number;
}

const VISIBILITY_SECONDS = 30;
const WAIT_SECONDS = 20;
const SETTLED_LOOK_MS = 20;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Listens to a queue of events, for as long as it is not stopped. Deleted is what is done with, and nothing else: what
 * cannot be read or is not taken comes again, until SQS moves it to the dead-letter queue.
 */
export class CompletionQueue {
  private readonly log = new Logger(CompletionQueue.name);
  private readonly client: SQSClient;
  private readonly stopping = new AbortController();
  private consumer: Consumer | undefined;
  private failures = 0;
  /** When SQS last answered a receive, be it with nothing. */
  lastReceive: number | undefined;

  constructor(
    private readonly settings: CompletionQueueSettings,
    private readonly intake: CompletionIntake,
  ) {
    const longestAnswer = ((settings.waitSeconds ?? WAIT_SECONDS) + 10) * 1000;
    this.client = new SQSClient({
      region: settings.region,
      // A connection that died without a word would otherwise be waited for without end.
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: longestAnswer,
        throwOnRequestTimeout: true,
      },
    });
  }

  /** Does not wait for the queue: it is looked for until it is there. */
  start(): void {
    void this.begin();
  }

  /** Resolves when what was received is done with and deleted, at the latest after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    this.consumer?.stop();
    const end = Date.now() + graceMs;
    while (this.consumer?.status.isPolling && Date.now() < end) await sleep(SETTLED_LOOK_MS);
    this.client.destroy();
  }

  private async begin(): Promise<void> {
    for (let url: string | undefined; url === undefined && !this.stopping.signal.aborted;) {
      await this.pauseAfterFailures();
      url = await this.findQueue();
      if (url !== undefined && !this.stopping.signal.aborted) this.listen(url);
    }
  }

  private async findQueue(): Promise<string | undefined> {
    const { queue } = this.settings;
    if (/^https?:\/\//.test(queue)) return queue;
    try {
      const command = new GetQueueUrlCommand({ QueueName: queue });
      const { QueueUrl } = await this.client.send(command, { abortSignal: this.stopping.signal });
      return QueueUrl;
    } catch (error) {
      this.failed(error as Error);
      return undefined;
    }
  }

  private listen(queueUrl: string): void {
    const { visibilitySeconds = VISIBILITY_SECONDS, waitSeconds = WAIT_SECONDS } = this.settings;
    const consumer = Consumer.create({
      queueUrl,
      sqs: this.interruptible(),
      batchSize: 10,
      visibilityTimeout: visibilitySeconds,
      heartbeatInterval: visibilitySeconds / 3,
      waitTimeSeconds: waitSeconds,
      strictReturn: true,
      // A failed receive is followed by the pause below, whatever it failed of.
      authenticationErrorTimeout: 0,
      preReceiveMessageCallback: () => this.pauseAfterFailures(),
      postReceiveMessageCallback: async () => {
        this.lastReceive = Date.now();
        this.failures = 0;
      },
      handleMessageBatch: (messages) => this.handle(messages),
    });
    consumer.on('error', (error) => this.failed(error));
    this.consumer = consumer;
    consumer.start();
  }

  private async handle(messages: Message[]): Promise<Message[]> {
    const done: Message[] = [];
    const told: { message: Message; detail: JobDetail }[] = [];
    for (const message of messages) {
      try {
        const detail = this.intake.read(message.Body ?? '');
        if (detail) told.push({ message, detail });
        else done.push(message);
      } catch (error) {
        // Its body is not logged: an event holds the environment of a job.
        const [reason] = (error as Error).message.split('\n', 1);
        this.log.error(`Message ${message.MessageId} is no event of AWS Batch: ${reason?.slice(0, 200)}`);
      }
    }
    const taken = await this.intake.take(told.map(({ detail }) => detail));
    for (const { message, detail } of told) if (taken.has(detail)) done.push(message);
    return done;
  }

  /** Waiting for messages is broken off by a stop; deleting them is not. */
  private interruptible(): SQSClient {
    const { client, stopping } = this;
    const send = (...[command, options]: Parameters<SQSClient['send']>): Promise<unknown> =>
      client.send(
        command,
        command instanceof ReceiveMessageCommand ? { abortSignal: stopping.signal } : options,
      );
    return { send } as SQSClient; // all of it that a consumer calls
  }

  private failed(error: Error): void {
    if (this.stopping.signal.aborted) return;
    this.failures++;
    this.log.warn(`The queue of completions: ${error.message}`);
  }

  private async pauseAfterFailures(): Promise<void> {
    if (this.failures === 0) return;
    const ms = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => {});
  }
}
