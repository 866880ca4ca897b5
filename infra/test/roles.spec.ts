import { describe, expect, it } from 'vitest';
import { ofType, synthesized, type Template } from './synthesized.ts';

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const template = synthesized();
const listed = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);

const statementsOf = ({ Resources }: Template, role: RegExp): Statement[] =>
  Object.entries(Resources)
    .filter(([name, { Type }]) => Type === 'AWS::IAM::Policy' && role.test(name))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);

const actionsOf = (role: RegExp): string[] =>
  statementsOf(template, role)
    .flatMap(({ Action }) => listed(Action))
    .toSorted();

/** AWS knows no narrower resource for these. */
const UNAVOIDABLE = new Set([
  'batch:DescribeJobs',
  'batch:ListJobs',
  'ecr:GetAuthorizationToken',
  // Narrowed by its namespace.
  'cloudwatch:PutMetricData',
]);

describe('roles', () => {
  it('may do what they do to what is named, but for what AWS cannot narrow', () => {
    const everything = statementsOf(template, /./);
    expect(everything.length).toBeGreaterThan(10);
    const wide = everything.filter(({ Resource }) => listed(Resource).includes('*'));
    for (const action of wide.flatMap(({ Action }) => listed(Action))) expect(UNAVOIDABLE).toContain(action);
    for (const { Action, Condition } of wide)
      if (listed(Action).includes('cloudwatch:PutMetricData')) expect(Condition).toBeDefined();
  });

  it('have no wildcard for an action', () => {
    for (const { Action } of statementsOf(template, /./))
      for (const action of listed(Action)) expect(action).not.toMatch(/\*/);
  });

  it('let the server do what it is for, and nothing else', () => {
    expect(actionsOf(/^ServerRolesServer/)).toEqual([
      'batch:CancelJob',
      'batch:DescribeJobs',
      'batch:ListJobs',
      'batch:SubmitJob',
      'batch:TagResource',
      'batch:TerminateJob',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:DescribeLogStreams',
      'logs:FilterLogEvents',
      'logs:GetLogEvents',
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      's3:PutObjectTagging',
      'sns:ConfirmSubscription',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ]);
  });

  it('let a job read inputs and write outputs', () => {
    expect(actionsOf(/^JobRolesJob/)).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:PutObject',
      's3:PutObjectTagging',
    ]);
    const statements = statementsOf(template, /^JobRolesJob/);
    const about = (action: string): string =>
      JSON.stringify(
        statements.filter(({ Action }) => listed(Action).includes(action)).map((s) => s.Resource),
      );
    expect(about('s3:PutObject')).not.toMatch(/StorageInputs/);
    expect(about('s3:GetObject')).toMatch(/StorageInputs/);
    // Of outputs it sees no more than manifests.
    expect(about('s3:GetObject')).toMatch(/StorageOutputs\w+","Arn"\]\},"\/\*\/manifest\.json"/);
  });

  it('have the server keep both buckets, and no others', () => {
    const statements = statementsOf(template, /^ServerRolesServer/);
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']) {
      const about = JSON.stringify(
        statements.filter(({ Action }) => listed(Action).includes(action)).map((s) => s.Resource),
      );
      expect(about).toMatch(/StorageInputs/);
      expect(about).toMatch(/StorageOutputs/);
    }
  });

  it('are taken on for this account alone', () => {
    for (const [name, { Properties }] of ofType(template, 'AWS::IAM::Role'))
      for (const { Principal, Condition } of Properties.AssumeRolePolicyDocument.Statement)
        if (Principal.Service === 'ecs-tasks.amazonaws.com')
          expect({ name, Condition }).toEqual({
            name,
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          });
  });

  it('let pods of EKS be the server where it runs there', () => {
    const onEks = synthesized({ serverPrincipal: 'pods.eks.amazonaws.com' });
    const role = ofType(onEks, 'AWS::IAM::Role').find(([name]) => name.startsWith('ServerRolesServer'))![1];
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      { Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { Service: 'pods.eks.amazonaws.com' } },
    ]);
  });
});
