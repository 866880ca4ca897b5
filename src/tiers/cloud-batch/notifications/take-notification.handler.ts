import { Inject, Logger } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { TakeNotification } from '../../../execution/index.js';
import { AppError, invalidInput } from '../../../shared/app-error.js';
import type { JobDetail } from '../aws/job-detail.js';
import { CompletionIntake } from '../completion-consumer/index.js';
import { ConfirmSubscription } from './confirm-subscription.js';
import { HandledMessages } from './handled-messages.js';
import { readSnsMessage, type SnsMessage } from './sns-message.js';
import { SnsVerifier } from './sns-verifier.js';

/** SNS gives up after an hour; what is older was kept by somebody. */
const OLDEST_MS = 2 * 3_600_000;
/** A clock that is ahead of ours. */
const EARLIEST_MS = 5 * 60_000;
const REMEMBERED = 10_000;

/**
 * What AWS Batch tells of its jobs, by SNS. The topic is looked at first: without the one that is configured nothing is
 * believed, nothing is fetched and nobody is called.
 */
@CommandHandler(TakeNotification)
export class TakeNotificationHandler implements ICommandHandler<TakeNotification> {
  private readonly log = new Logger(TakeNotificationHandler.name);
  private readonly topic: string | null;
  private readonly handled = new HandledMessages(REMEMBERED);

  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) { processing }: HonuaConfig,
    private readonly verifier: SnsVerifier,
    private readonly subscription: ConfirmSubscription,
    private readonly intake: CompletionIntake,
  ) {
    this.topic = processing.tier3Enabled ? processing.cloudBatch.snsTopicArn : null;
  }

  async execute({ body }: TakeNotification): Promise<void> {
    if (this.topic === null) throw foreign();
    const message = readSnsMessage(await body());
    if (message.TopicArn !== this.topic) throw foreign();
    await this.verifier.verify(message);
    requireOfLate(message);
    if (this.handled.has(message.MessageId)) return;
    await this.act(message);
    this.handled.add(message.MessageId);
  }

  private async act({ Type, TopicArn, Message, MessageId, Token }: SnsMessage): Promise<void> {
    if (Type === 'Notification') return this.tell(Message, MessageId);
    if (Type === 'UnsubscribeConfirmation')
      return this.log.warn(`This server is no longer subscribed to ${TopicArn}`);
    if (!Token) throw invalidInput('The confirmation has no token.');
    await this.subscription.confirm(TopicArn, Token);
    this.log.log(`This server is subscribed to ${TopicArn}`);
  }

  private async tell(text: string, id: string): Promise<void> {
    const detail = this.read(text, id);
    if (!detail || (await this.intake.take([detail])).has(detail)) return;
    throw new AppError('unavailable', 'completion-not-taken', 'The event could not be acted on now.');
  }

  private read(text: string, id: string): JobDetail | undefined {
    try {
      return this.intake.read(text);
    } catch {
      this.log.error(`Message ${id} of SNS is no event of AWS Batch`);
      throw invalidInput('The message is no event of AWS Batch.');
    }
  }
}

function requireOfLate({ Timestamp }: SnsMessage): void {
  const age = Date.now() - Date.parse(Timestamp);
  if (age <= OLDEST_MS && age >= -EARLIEST_MS) return;
  throw new AppError('forbidden', 'stale-notification', 'The message is too old.');
}

const foreign = (): AppError =>
  new AppError('forbidden', 'topic-not-allowed', 'Messages of this topic are not taken here.');
