import { Injectable } from '@nestjs/common';
import { AppError } from '../../../shared/app-error.js';
import { topicPlace } from './topic-arn.js';

/** Says to SNS that its messages are wanted: by its API, and never by the URL that came in a message. */
@Injectable()
export class ConfirmSubscription {
  /** Who unsubscribes must be somebody whom AWS knows. Throws AppError `unavailable`. */
  async confirm(topicArn: string, token: string): Promise<void> {
    const { ConfirmSubscriptionCommand, SNSClient } = await import('@aws-sdk/client-sns');
    const client = new SNSClient({ region: topicPlace(topicArn)?.region });
    try {
      await client.send(
        new ConfirmSubscriptionCommand({
          TopicArn: topicArn,
          Token: token,
          AuthenticateOnUnsubscribe: 'true',
        }),
      );
    } catch (cause) {
      const message = 'The subscription could not be confirmed now.';
      throw new AppError('unavailable', 'subscription-not-confirmed', message, { cause });
    } finally {
      client.destroy();
    }
  }
}
