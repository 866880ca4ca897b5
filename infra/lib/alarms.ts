import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Completion } from './completion.ts';
import type { JobMetrics } from './job-metrics.ts';

export interface AlarmsProps {
  metrics: JobMetrics;
  completion: Completion;
  jobQueueArns: string[];
  durationP95Seconds: number;
  email?: string | undefined;
}

/** What people are to be told: a topic of their own, since the other one is read by the service. */
export class Alarms extends Construct {
  readonly topic: Topic;

  private readonly props: AlarmsProps;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.props = props;
    this.topic = new Topic(this, 'Topic', { topicName: 'honua-batch-alarms', enforceSSL: true });
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    for (const teller of ['cloudwatch', 'budgets', 'costalerts'])
      this.topic.grantPublish(new ServicePrincipal(`${teller}.amazonaws.com`, { conditions }));
    if (props.email) this.topic.addSubscription(new EmailSubscription(props.email));
    this.watchJobs();
    this.watchCompletions();
    this.watchCounters();
    new Rule(this, 'Blocked', {
      description: 'A job at the head of a queue cannot start',
      eventPattern: {
        source: ['aws.batch'],
        detailType: ['Batch Job Queue Blocked'],
        detail: { jobQueue: props.jobQueueArns },
      },
      targets: [new SnsTopic(this.topic)],
    });
  }

  private watchJobs(): void {
    const { metrics, durationP95Seconds } = this.props;
    const hour = Duration.hours(1);
    this.alarm(
      'FailureRate',
      'honua-batch-high-failure-rate',
      'More than 5 % of the jobs of an hour failed',
      {
        metric: new MathExpression({
          label: 'failed, %',
          // One failure of three jobs is no rate.
          expression: 'IF(failed >= 2, 100 * failed / ended, 0)',
          usingMetrics: {
            failed: metrics.metric('JobsFailed', 'Sum', hour),
            ended: metrics.metric('JobsEnded', 'Sum', hour),
          },
          period: hour,
        }),
        threshold: 5,
        evaluationPeriods: 1,
      },
    );
    this.alarm('Backlog', 'honua-batch-queue-backlog', 'More than 100 jobs were pending for 5 minutes', {
      metric: metrics.metric('PendingJobs', 'Minimum', Duration.minutes(1)),
      threshold: 100,
      evaluationPeriods: 5,
    });
    this.alarm(
      'Duration',
      'honua-batch-p95-duration',
      'The slowest 5 % of jobs take longer than the target',
      {
        metric: metrics.metric('JobDuration', 'p95', Duration.minutes(15)),
        threshold: durationP95Seconds,
        evaluationPeriods: 3,
        evaluateLowSampleCountPercentile: 'ignore',
      },
    );
  }

  private watchCompletions(): void {
    const { queue, dead, undelivered, rule } = this.props.completion;
    const minute = Duration.minutes(1);
    this.alarm('Unread', 'honua-batch-completions-unread', 'A completion was not read for 5 minutes', {
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: minute }),
      threshold: 300,
      evaluationPeriods: 1,
    });
    for (const [id, letters] of Object.entries({ Dead: dead, Undelivered: undelivered }))
      this.alarm(id, `honua-batch-${id.toLowerCase()}-letters`, 'There are completions that nobody took', {
        metric: letters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: minute }),
        threshold: 0,
        evaluationPeriods: 1,
      });
    this.alarm('Delivery', 'honua-batch-delivery-failed', 'EventBridge gave up on delivering a completion', {
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'FailedInvocations',
        dimensionsMap: { RuleName: rule.ruleName },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 0,
      evaluationPeriods: 1,
    });
  }

  private watchCounters(): void {
    const failures = this.props.metrics.counters.map((counter, index) => [
      `counter${index}`,
      counter.metricFailed({ statistic: 'Sum', period: Duration.minutes(15) }),
    ]);
    this.alarm('Counters', 'honua-batch-not-counted', 'Jobs are not counted, so other alarms may be silent', {
      metric: new MathExpression({
        label: 'failed counts',
        expression: 'SUM(METRICS())',
        usingMetrics: Object.fromEntries(failures) as Record<string, IMetric>,
        period: Duration.minutes(15),
      }),
      threshold: 2,
      evaluationPeriods: 1,
    });
  }

  private alarm(
    id: string,
    alarmName: string,
    alarmDescription: string,
    props: Omit<AlarmProps, 'alarmName'>,
  ): void {
    const alarm = new Alarm(this, id, {
      ...props,
      alarmName,
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // No jobs, no metrics: that is how it is at night.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
