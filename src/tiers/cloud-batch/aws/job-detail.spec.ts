import { describe, expect, it } from 'vitest';
import { compareProgress, type JobState, readBatchEvent, readJobDetail } from './job-detail.js';

const detail = {
  jobArn: 'arn:aws:batch:us-east-1:123456789012:job/4c7599ae-0a82-49aa-ba5a-4727fcce14a8',
  jobName: 'honua-019a-1',
  jobId: '4c7599ae-0a82-49aa-ba5a-4727fcce14a8',
  jobQueue: 'arn:aws:batch:us-east-1:123456789012:job-queue/honua-geoprocessing-queue',
  status: 'FAILED',
  statusReason: 'Essential container in task exited',
  attempts: [
    {
      container: { exitCode: 137, reason: 'OutOfMemoryError', logStreamName: 'a/1', networkInterfaces: [] },
      startedAt: 1508079620000,
      stoppedAt: 1508079629000,
      statusReason: 'Essential container in task exited',
    },
  ],
  container: {
    image: 'worker',
    command: ['honua-worker', 'run'],
    environment: [{ name: 'HONUA_INPUT_URI', value: 's3://inputs/jobs/x/inputs.json' }],
    exitCode: 0,
    logStreamName: 'a/2',
    logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/aws/batch/honua' } },
  },
  createdAt: 1508079600000,
  somethingNew: { of: 'tomorrow' },
};
const event = (over: object = {}): string =>
  JSON.stringify({
    version: '0',
    id: 'c8f9c4b5',
    'detail-type': 'Batch Job State Change',
    source: 'aws.batch',
    account: '123456789012',
    time: '2017-10-23T17:56:03Z',
    region: 'us-east-1',
    resources: [detail.jobArn],
    detail,
    ...over,
  });

describe('what AWS Batch tells of a job', () => {
  it('is read without what nobody here reads, an exit code of 0 and the own log group kept', () => {
    const { detail: read } = readBatchEvent(event());
    expect(read).toEqual({
      jobName: 'honua-019a-1',
      jobId: detail.jobId,
      jobQueue: detail.jobQueue,
      status: 'FAILED',
      statusReason: 'Essential container in task exited',
      attempts: [
        {
          container: { exitCode: 137, reason: 'OutOfMemoryError', logStreamName: 'a/1' },
          startedAt: 1508079620000,
          stoppedAt: 1508079629000,
          statusReason: 'Essential container in task exited',
        },
      ],
      container: { exitCode: 0, logStreamName: 'a/2', logGroup: '/aws/batch/honua' },
      createdAt: 1508079600000,
    });
  });

  it('is of a child of an array, too', () => {
    const child = { ...detail, jobId: `${detail.jobId}:7`, arrayProperties: { index: 7 } };
    expect(readJobDetail(child)).toMatchObject({ jobId: `${detail.jobId}:7`, arrayProperties: { index: 7 } });
  });

  it('has no detail where it is another kind of event', () => {
    expect(readBatchEvent(event({ 'detail-type': 'Batch Job Queue Blocked', detail: 5 }))).toEqual({
      type: 'Batch Job Queue Blocked',
    });
  });

  it.each([
    ['no JSON', 'x{'],
    ['null', 'null'],
    ['another source', event({ source: 'aws.ecs' })],
    ['no detail', event({ detail: undefined })],
    ['a state that there is not', event({ detail: { ...detail, status: 'DONE' } })],
    ['no id', event({ detail: { ...detail, jobId: '' } })],
    ['an exit code that is none', event({ detail: { ...detail, container: { exitCode: '0' } } })],
  ])('is not read from %s', (_, text) => {
    expect(() => readBatchEvent(text)).toThrow();
  });

  it('is ordered by attempts, then by states, and nothing comes after an end', () => {
    const at = (attempts: number, status: JobState) => ({ status, attempts: { length: attempts } });
    const right = [
      at(0, 'SUBMITTED'),
      at(0, 'RUNNABLE'),
      at(0, 'STARTING'),
      at(0, 'RUNNING'),
      at(1, 'RUNNABLE'),
      at(1, 'RUNNING'),
      at(1, 'SUCCEEDED'),
    ];
    expect(right.toReversed().sort(compareProgress)).toEqual(right);
    // The end of a job that was never started has no attempt; a late event of an earlier attempt has one more.
    expect(compareProgress(at(0, 'FAILED'), at(1, 'RUNNING'))).toBeGreaterThan(0);
    expect(compareProgress(at(1, 'RUNNING'), at(1, 'RUNNING'))).toBe(0);
  });
});
