import { type DynamicModule, Module } from '@nestjs/common';
import { ConfirmSubscription } from './confirm-subscription.js';
import { fetchCertificate, SnsVerifier } from './sns-verifier.js';
import { TakeNotificationHandler } from './take-notification.handler.js';

/** Hears what AWS Batch tells of its jobs by SNS, where `processing.cloudBatch.snsTopicArn` names a topic. */
@Module({})
export class NotificationsModule {
  /** `completions`: the module that has the CompletionIntake. */
  static with(completions: DynamicModule): DynamicModule {
    return {
      module: NotificationsModule,
      imports: [completions],
      providers: [
        TakeNotificationHandler,
        ConfirmSubscription,
        { provide: SnsVerifier, useValue: new SnsVerifier(fetchCertificate) },
      ],
    };
  }
}
