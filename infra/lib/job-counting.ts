/**
 * AWS Batch publishes no metrics of jobs to CloudWatch: what there is comes from its containers. So jobs are counted here, by
 * two express workflows of Step Functions, which call Batch and CloudWatch and run no code of ours:
 * one is started by each job that ended, the other once a minute. Definitions in the Amazon States Language, with JSONata.
 */
export const NAMESPACE = 'Honua/Batch';

/** What ListJobs answers at most in one call. */
const PAGE = 100;

const PENDING = ['SUBMITTED', 'PENDING', 'RUNNABLE'];

/** Ended jobs tell how long they ran by their own clock, in ms. Times are missing where a job never started. */
export const ENDED_JOB_METRICS = `(
  $job := $states.input.detail;
  [
    { "MetricName": "JobsEnded", "Unit": "Count", "Value": 1 },
    { "MetricName": "JobsFailed", "Unit": "Count", "Value": $job.status = "FAILED" ? 1 : 0 },
    $exists($job.startedAt) and $exists($job.stoppedAt)
      ? { "MetricName": "JobDuration", "Unit": "Seconds", "Value": ($job.stoppedAt - $job.startedAt) / 1000 }
  ]
)`;

/** Of one page: one more than the page has, where there are more. */
export const JOBS_ON_PAGE =
  '$count($states.result.JobSummaryList) + ($exists($states.result.NextToken) ? 1 : 0)';

export const PENDING_METRICS =
  '[{ "MetricName": "PendingJobs", "Unit": "Count", "Value": $sum($states.input) }]';

const retried = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2, JitterStrategy: 'FULL' },
];

const jsonata = (expression: string): string => `{% ${expression} %}`;

const publish = (metrics: string, partition: string): object => ({
  Type: 'Task',
  Resource: `arn:${partition}:states:::aws-sdk:cloudwatch:putMetricData`,
  Arguments: { Namespace: NAMESPACE, MetricData: jsonata(metrics) },
  Retry: retried,
  End: true,
});

/** Started with the event of a job that ended. */
export const countEnded = (partition: string): object => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Publish',
  States: { Publish: publish(ENDED_JOB_METRICS, partition) },
});

/** Counts what waits in the queues, up to a page and one of each state: enough to tell whether it is more than a hundred. */
export const countPending = (partition: string, jobQueueArns: string[]): object => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Count',
  States: {
    Count: {
      Type: 'Parallel',
      Branches: jobQueueArns.flatMap((JobQueue, index) =>
        PENDING.map((JobStatus) => ({
          StartAt: `${JobStatus} in queue ${index}`,
          States: {
            [`${JobStatus} in queue ${index}`]: {
              Type: 'Task',
              Resource: `arn:${partition}:states:::aws-sdk:batch:listJobs`,
              Arguments: { JobQueue, JobStatus, MaxResults: PAGE },
              Output: jsonata(JOBS_ON_PAGE),
              Retry: retried,
              End: true,
            },
          },
        })),
      ),
      Next: 'Publish',
    },
    Publish: publish(PENDING_METRICS, partition),
  },
});
