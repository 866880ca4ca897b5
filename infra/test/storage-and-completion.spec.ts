import { describe, expect, it } from 'vitest';
import { ofType, type Resource, synthesized } from './synthesized.ts';

const template = synthesized({ retentionDays: '45', webhookUrl: 'https://gp.example.org/completions' });
const properties = (type: string): Resource['Properties'][] =>
  ofType(template, type).map(([, resource]) => resource.Properties);

describe('buckets', () => {
  it('are versioned, encrypted with the key, closed to the public, and outlive the stack', () => {
    const buckets = ofType(template, 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(2);
    for (const [, { Properties, DeletionPolicy }] of buckets) {
      expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toMatchObject([
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      ]);
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(DeletionPolicy).toBe('Retain');
    }
  });

  it('refuse what does not come by TLS', () => {
    const policies = properties('AWS::S3::BucketPolicy');
    expect(policies).toHaveLength(2);
    for (const { PolicyDocument } of policies)
      expect(PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
  });

  it('let objects go by their tag, and parts of uploads that were given up after a day', () => {
    for (const { LifecycleConfiguration } of properties('AWS::S3::Bucket')) {
      const rules = LifecycleConfiguration.Rules as Record<string, unknown>[];
      const byTag = rules.filter(({ TagFilters }) => TagFilters);
      expect(byTag.map(({ TagFilters, ExpirationInDays }) => [TagFilters, ExpirationInDays])).toContainEqual([
        [{ Key: 'retention-days', Value: '45' }],
        45,
      ]);
      const others = rules.filter(({ ExpirationInDays, TagFilters }) => ExpirationInDays && !TagFilters);
      const longestByTag = Math.max(...byTag.map(({ ExpirationInDays }) => Number(ExpirationInDays)));
      // The earliest rule wins, so one for all objects must not come before one for some.
      for (const { ExpirationInDays } of others) expect(ExpirationInDays).toBeGreaterThan(longestByTag);
      expect(rules).toContainEqual(
        expect.objectContaining({
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        }),
      );
    }
  });
});

describe('completions', () => {
  it('are all changes of state of our queues, and nothing else', () => {
    const rule = properties('AWS::Events::Rule').find(({ Name }) => Name === 'honua-batch-job-state-change')!;
    const queues = ofType(template, 'AWS::Batch::JobQueue').map(([name]) => ({
      'Fn::GetAtt': [name, 'JobQueueArn'],
    }));
    expect(rule.EventPattern).toEqual({
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: { jobQueue: queues },
    });
    expect(rule.Targets).toHaveLength(2);
    for (const target of rule.Targets)
      expect(target).toMatchObject({ DeadLetterConfig: {}, RetryPolicy: { MaximumRetryAttempts: 185 } });
  });

  it('wait a fortnight to be read, five times, and are kept apart then', () => {
    const queue = properties('AWS::SQS::Queue').find(
      ({ QueueName }) => QueueName === 'honua-batch-completion',
    )!;
    expect(queue).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    expect(queue.RedrivePolicy.maxReceiveCount).toBe(5);
  });

  it('are signed with SHA-256, and posted where a webhook is given', () => {
    const topic = properties('AWS::SNS::Topic').find(
      ({ TopicName }) => TopicName === 'honua-batch-notifications',
    );
    expect(topic).toMatchObject({ SignatureVersion: '2' });
    expect(properties('AWS::SNS::Subscription')).toMatchObject([
      { Protocol: 'https', Endpoint: 'https://gp.example.org/completions', RawMessageDelivery: false },
    ]);
    expect(ofType(synthesized(), 'AWS::SNS::Subscription')).toEqual([]);
  });
});

describe('the network', () => {
  it('has no way to the internet', () => {
    for (const type of ['NatGateway', 'InternetGateway', 'EIP', 'Route'])
      expect(ofType(template, `AWS::EC2::${type}`)).toEqual([]);
    for (const { MapPublicIpOnLaunch } of properties('AWS::EC2::Subnet'))
      expect(MapPublicIpOnLaunch).toBe(false);
  });

  it('reaches what instances and the server call', () => {
    const services = properties('AWS::EC2::VPCEndpoint').map(
      // Named whole, or joined of the parts of a name.
      ({ ServiceName }) =>
        /(?:com\.amazonaws\.[^.]*\.|"\.)([a-z.-]+\w)/.exec(JSON.stringify(ServiceName))![1],
    );
    expect(new Set(services)).toEqual(
      new Set([
        'batch',
        'ecr.api',
        'ecr.dkr',
        'ecs',
        'ecs-agent',
        'ecs-telemetry',
        'logs',
        's3',
        'secretsmanager',
        'sqs',
      ]),
    );
  });
});

it('has no function, table or public interface: the service does that work', () => {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type.split('::')[1]));
  for (const none of ['Lambda', 'DynamoDB', 'ApiGateway', 'CloudFormation'])
    expect(types).not.toContain(none);
});
