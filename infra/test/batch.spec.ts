import { describe, expect, it } from 'vitest';
import { faultsOfBatch } from './batch-limits.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

const template = synthesized();
const BATCH = 'AWS::Batch::';

describe('what Batch accepts and the library does not check', () => {
  it('holds for the template', () => {
    expect(ofType(template, `${BATCH}JobDefinition`)).toHaveLength(2);
    expect(faultsOfBatch(template)).toEqual([]);
  });

  const broken: [string, RegExp, (copy: Template) => void][] = [
    ['a timeout of 30 s', /at least 60 s/, (copy) => (job(copy).Timeout.AttemptDurationSeconds = 30)],
    ['no timeout', /at least 60 s/, (copy) => delete job(copy).Timeout],
    ['11 attempts', /1 to 10 attempts/, (copy) => (job(copy).RetryStrategy.Attempts = 11)],
    ['no final EXIT', /no other matched/, (copy) => job(copy).RetryStrategy.EvaluateOnExit.pop()],
    ['6 rules', /1 to 5 rules/, (copy) => job(copy).RetryStrategy.EvaluateOnExit.unshift({}, {})],
    [
      'a star amid a rule',
      /star at its end/,
      (copy) => (job(copy).RetryStrategy.EvaluateOnExit[0].OnStatusReason = 'Host*EC2'),
    ],
    ['tags that stay', /tags/, (copy) => (job(copy).PropagateTags = false)],
    ['root', /as root/, (copy) => (job(copy).ContainerProperties.User = '0')],
    ['no user', /as root/, (copy) => delete job(copy).ContainerProperties.User],
    [
      'a root that is written to',
      /read-only/,
      (copy) => delete job(copy).ContainerProperties.ReadonlyRootFilesystem,
    ],
    ['a queue without shares', /shared fairly/, (copy) => delete first(copy, 'JobQueue').SchedulingPolicyArn],
    [
      'a share with a hyphen',
      /no share identifier/,
      (copy) =>
        first(copy, 'SchedulingPolicy').FairsharePolicy.ShareDistribution.push({
          ShareIdentifier: 'tenant-a',
        }),
    ],
  ];
  it.each(broken)('finds %s', (_, fault, breakIt) => {
    const copy = structuredClone(template);
    breakIt(copy);
    expect(faultsOfBatch(copy).join('\n')).toMatch(fault);
  });
});

describe('compute', () => {
  it('is Spot, where most capacity is, and nothing while nothing runs', () => {
    const environments = ofType(template, `${BATCH}ComputeEnvironment`).map(
      ([, { Properties }]) => Properties.ComputeResources,
    );
    const common = {
      Type: 'SPOT',
      AllocationStrategy: 'SPOT_CAPACITY_OPTIMIZED',
      MinvCpus: 0,
      BidPercentage: 100,
    };
    expect(environments).toMatchObject([
      { ...common, InstanceTypes: ['c5'], MaxvCpus: 256, Ec2Configuration: [{ ImageType: 'ECS_AL2023' }] },
      {
        ...common,
        InstanceTypes: ['g4dn'],
        MaxvCpus: 64,
        Ec2Configuration: [{ ImageType: 'ECS_AL2023_NVIDIA' }],
      },
    ]);
  });

  it('keeps to the last version of its launch template', () => {
    for (const [, { Properties }] of ofType(template, `${BATCH}ComputeEnvironment`))
      expect(JSON.stringify(Properties.ComputeResources.LaunchTemplate.Version)).toMatch(
        /LatestVersionNumber/,
      );
  });

  it('starts jobs of 2 vCPU and 4096 MiB, and those of the GPU queue with one GPU', () => {
    const resources = ofType(template, `${BATCH}JobDefinition`).map(([, { Properties }]) =>
      Object.fromEntries(
        Properties.ContainerProperties.ResourceRequirements.map(
          ({ Type, Value }: { Type: string; Value: string }) => [Type, Value],
        ),
      ),
    );
    expect(resources).toMatchObject([{ VCPU: '2', MEMORY: '4096' }, { GPU: '1' }]);
    expect(resources[0]).not.toHaveProperty('GPU');
  });

  it('has no GPU where none is wanted, and pays the full price where Spot is not', () => {
    const small = synthesized({ gpu: 'false', spot: 'false' });
    const environments = ofType(small, `${BATCH}ComputeEnvironment`);
    expect(environments.map(([, { Properties }]) => Properties.ComputeResources)).toMatchObject([
      { Type: 'EC2', AllocationStrategy: 'BEST_FIT_PROGRESSIVE', InstanceTypes: ['c5'] },
    ]);
    expect(environments[0]![1].Properties.ComputeResources).not.toHaveProperty('BidPercentage');
    expect(ofType(small, `${BATCH}JobQueue`)).toHaveLength(1);
    expect(faultsOfBatch(small)).toEqual([]);
  });

  it('lets nothing block a queue for ever', () => {
    for (const [, { Properties }] of ofType(template, `${BATCH}JobQueue`)) {
      const actions = Properties.JobStateTimeLimitActions as { MaxTimeSeconds: number; Reason: string }[];
      expect(actions.map(({ Reason }) => Reason.split(':')[0])).toEqual([
        'CAPACITY',
        'MISCONFIGURATION',
        'MISCONFIGURATION',
      ]);
      for (const { MaxTimeSeconds } of actions) {
        expect(MaxTimeSeconds).toBeGreaterThanOrEqual(600);
        expect(MaxTimeSeconds).toBeLessThanOrEqual(86_400);
      }
    }
  });
});

// oxlint-disable-next-line typescript/no-explicit-any -- templates have no types
const first = (copy: Template, type: string): any => ofType(copy, BATCH + type)[0]![1].Properties;
const job = (copy: Template) => first(copy, 'JobDefinition');
