import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import {
  countEnded,
  countPending,
  ENDED_JOB_METRICS,
  JOBS_ON_PAGE,
  PENDING_METRICS,
} from '../lib/job-counting.ts';
import { ofType, synthesized } from './synthesized.ts';

const evaluate = async (expression: string, states: object): Promise<unknown> =>
  // Sequences of the library carry marks of their own.
  JSON.parse(JSON.stringify(await jsonata(expression).evaluate({}, { states })));

const ended = async (detail: object): Promise<unknown> => evaluate(ENDED_JOB_METRICS, { input: { detail } });

describe('a job that ended', () => {
  it('counts, and tells how many seconds it ran', async () => {
    expect(await ended({ status: 'SUCCEEDED', startedAt: 1_000, stoppedAt: 43_500 })).toEqual([
      { MetricName: 'JobsEnded', Unit: 'Count', Value: 1 },
      { MetricName: 'JobsFailed', Unit: 'Count', Value: 0 },
      { MetricName: 'JobDuration', Unit: 'Seconds', Value: 42.5 },
    ]);
  });

  it('has no duration where it never started', async () => {
    expect(await ended({ status: 'FAILED', stoppedAt: 43_500 })).toEqual([
      { MetricName: 'JobsEnded', Unit: 'Count', Value: 1 },
      { MetricName: 'JobsFailed', Unit: 'Count', Value: 1 },
    ]);
  });
});

describe('jobs that wait', () => {
  it('are those of a page, and one more where there are more pages', async () => {
    const page = async (jobs: number, more: object): Promise<unknown> =>
      evaluate(JOBS_ON_PAGE, {
        result: { JobSummaryList: Array.from({ length: jobs }, () => ({})), ...more },
      });
    expect(await page(0, {})).toBe(0);
    expect(await page(1, {})).toBe(1);
    expect(await page(100, { NextToken: 'next' })).toBe(101);
  });

  it('are added up over states and queues', async () => {
    expect(await evaluate(PENDING_METRICS, { input: [0, 101, 3] })).toEqual([
      { MetricName: 'PendingJobs', Unit: 'Count', Value: 104 },
    ]);
  });
});

interface Machine {
  QueryLanguage: string;
  StartAt: string;
  States: Record<string, { Type: string; Resource?: string; Next?: string; Branches?: Machine[] }>;
}

describe('the workflows', () => {
  it('lead from state to state, and call Batch and CloudWatch alone', () => {
    const machines = [countEnded('aws'), countPending('aws', ['first', 'second'])] as Machine[];
    expect(machines[1]!.States.Count!.Branches).toHaveLength(6);
    for (const machine of machines) {
      expect(machine.QueryLanguage).toBe('JSONata');
      for (const { StartAt, States } of [
        machine,
        ...Object.values(machine.States).flatMap((s) => s.Branches ?? []),
      ]) {
        expect(States).toHaveProperty([StartAt]);
        for (const { Type, Resource, Next } of Object.values(States)) {
          if (Next) expect(States).toHaveProperty([Next]);
          if (Type === 'Task')
            expect(Resource).toMatch(/^arn:aws:states:::aws-sdk:(cloudwatch:putMetricData|batch:listJobs)$/);
        }
      }
    }
  });

  it('are what the template has, in express workflows', () => {
    const machines = ofType(synthesized(), 'AWS::StepFunctions::StateMachine');
    expect(machines.map(([, { Properties }]) => Properties.StateMachineType)).toEqual(['EXPRESS', 'EXPRESS']);
    expect(JSON.stringify(machines)).toMatch(/listJobs/);
  });
});
