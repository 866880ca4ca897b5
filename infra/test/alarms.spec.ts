import { expect, it } from 'vitest';
import { NAMESPACE } from '../lib/job-counting.ts';
import { ofType, type Resource, synthesized } from './synthesized.ts';

const template = synthesized({ alarmEmail: 'ops@example.org' });
const alarms: Record<string, Resource['Properties']> = Object.fromEntries(
  ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [Properties.AlarmName, Properties]),
);

it('watches what the design asks for', () => {
  expect(alarms['honua-batch-high-failure-rate']).toMatchObject({
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  expect(alarms['honua-batch-queue-backlog']).toMatchObject({
    MetricName: 'PendingJobs',
    Threshold: 100,
    Period: 60,
    EvaluationPeriods: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  expect(alarms['honua-batch-p95-duration']).toMatchObject({ ExtendedStatistic: 'p95', Threshold: 60 });
});

/** What CloudWatch has by itself, and what the workflows of this stack publish. */
const PUBLISHED: Record<string, string[]> = {
  [NAMESPACE]: ['JobsEnded', 'JobsFailed', 'JobDuration', 'PendingJobs'],
  'AWS/SQS': ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
  'AWS/Events': ['FailedInvocations'],
  'AWS/States': ['ExecutionsFailed'],
};

it('looks at metrics that somebody publishes', () => {
  const metrics = Object.values(alarms).flatMap(({ Namespace, MetricName, Metrics }) =>
    Namespace
      ? [{ Namespace, MetricName }]
      : (Metrics as { MetricStat?: { Metric: { Namespace: string; MetricName: string } } }[]).flatMap(
          ({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []),
        ),
  );
  expect(metrics.length).toBeGreaterThanOrEqual(Object.keys(alarms).length);
  for (const { Namespace, MetricName } of metrics) expect(PUBLISHED[Namespace]).toContain(MetricName);
});

it('tells people, by a topic that the service does not read', () => {
  for (const { AlarmActions } of Object.values(alarms))
    expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlarmsTopic/) }]);
  expect(ofType(template, 'AWS::SNS::Subscription')).toMatchObject([
    [expect.anything(), { Properties: { Protocol: 'email', Endpoint: 'ops@example.org' } }],
  ]);
});

it('watches what is spent', () => {
  expect(ofType(synthesized({ monthlyBudgetUsd: 120 }), 'AWS::Budgets::Budget')).toMatchObject([
    [expect.anything(), { Properties: { Budget: { BudgetLimit: { Amount: 120 }, TimeUnit: 'MONTHLY' } } }],
  ]);
  expect(ofType(template, 'AWS::CE::AnomalySubscription')).toHaveLength(1);
});
