import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const FORTNIGHT = Duration.days(14);

export interface CompletionProps {
  key: IKey;
  jobQueueArns: string[];
  webhookUrl?: string | undefined;
}

/** How the service learns what becomes of its jobs: every change of state of its job queues, into a queue and to a topic. */
export class Completion extends Construct {
  readonly queue: Queue;
  /** What a server could not make sense of five times. */
  readonly dead: Queue;
  /** What EventBridge or SNS could not deliver. */
  readonly undelivered: Queue;
  readonly topic: Topic;
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { key, jobQueueArns, webhookUrl }: CompletionProps) {
    super(scope, id);
    this.dead = this.makeQueue('Dead', 'honua-batch-completion-dead');
    this.undelivered = this.makeQueue('Undelivered', 'honua-batch-undelivered');
    this.queue = new Queue(this, 'Queue', {
      queueName: 'honua-batch-completion',
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      receiveMessageWaitTime: Duration.seconds(20),
      // The consumer prolongs it while it works.
      visibilityTimeout: Duration.seconds(60),
      retentionPeriod: FORTNIGHT,
      deadLetterQueue: { queue: this.dead, maxReceiveCount: 5 },
    });
    this.topic = new Topic(this, 'Topic', {
      topicName: 'honua-batch-notifications',
      masterKey: key,
      enforceSSL: true,
      // The default signs with SHA-1.
      signatureVersion: '2',
    });
    this.rule = new Rule(this, 'Rule', {
      ruleName: 'honua-batch-job-state-change',
      description:
        'Every change of state of the jobs of Honua Geoprocessing; its consumer puts them in order',
      eventPattern: {
        source: ['aws.batch'],
        detailType: ['Batch Job State Change'],
        detail: { jobQueue: jobQueueArns },
      },
    });
    const delivery = {
      deadLetterQueue: this.undelivered,
      retryAttempts: 185,
      maxEventAge: Duration.hours(24),
    };
    this.rule.addTarget(new SqsQueue(this.queue, delivery));
    this.rule.addTarget(new SnsTopic(this.topic, delivery));
    this.letEventsEncrypt(key);
    if (webhookUrl) {
      const subscription = { deadLetterQueue: this.undelivered, rawMessageDelivery: false };
      this.topic.addSubscription(new UrlSubscription(webhookUrl, subscription));
    }
  }

  private makeQueue(id: string, queueName: string): Queue {
    const encryption = QueueEncryption.SQS_MANAGED;
    return new Queue(this, id, { queueName, encryption, enforceSSL: true, retentionPeriod: FORTNIGHT });
  }

  private letEventsEncrypt(key: IKey): void {
    const { account } = Stack.of(this);
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EventsToTopic',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        // In the policy of a key this means the key itself.
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  }
}
