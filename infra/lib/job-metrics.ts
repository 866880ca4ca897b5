import { Duration, Stack } from 'aws-cdk-lib';
import type { JobQueue } from 'aws-cdk-lib/aws-batch';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { countEnded, countPending, NAMESPACE } from './job-counting.ts';

/** Metrics of jobs in CloudWatch, which Batch itself has none of. */
export class JobMetrics extends Construct {
  readonly counters: StateMachine[];

  constructor(scope: Construct, id: string, { queues }: { queues: JobQueue[] }) {
    super(scope, id);
    const { partition } = Stack.of(this);
    const arns = queues.map(({ jobQueueArn }) => jobQueueArn);
    const ended = this.counter('Ended', countEnded(partition));
    new Rule(this, 'WhenEnded', {
      description: 'Counts jobs that ended',
      eventPattern: {
        source: ['aws.batch'],
        detailType: ['Batch Job State Change'],
        detail: { jobQueue: arns, status: ['SUCCEEDED', 'FAILED'] },
      },
      targets: [new SfnStateMachine(ended)],
    });
    const pending = this.counter('Pending', countPending(partition, arns));
    // Batch knows no narrower resource for it.
    pending.addToRolePolicy(new PolicyStatement({ actions: ['batch:ListJobs'], resources: ['*'] }));
    new Rule(this, 'EachMinute', {
      description: 'Counts jobs that wait',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new SfnStateMachine(pending)],
    });
    this.counters = [ended, pending];
  }

  metric(metricName: string, statistic: string, period: Duration): Metric {
    return new Metric({ namespace: NAMESPACE, metricName, statistic, period });
  }

  private counter(id: string, definition: object): StateMachine {
    const machine = new StateMachine(this, id, {
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      timeout: Duration.seconds(50),
    });
    machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        // CloudWatch knows no narrower resource; the condition narrows it to these metrics.
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
      }),
    );
    return machine;
  }
}
