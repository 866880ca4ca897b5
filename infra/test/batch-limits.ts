import { ofType, type Template } from './synthesized.ts';

interface ExitRule {
  Action: 'RETRY' | 'EXIT';
  OnReason?: string;
  OnStatusReason?: string;
  OnExitCode?: string;
}

/** What AWS Batch refuses when it is too late, or does wrongly without a word, and the library lets pass. */
export function faultsOfBatch(template: Template): string[] {
  return [
    ...ofType(template, 'AWS::Batch::JobDefinition').flatMap(definitionFaults),
    ...shareFaults(template),
  ];
}

function definitionFaults([name, { Properties: job }]: ReturnType<typeof ofType>[number]): string[] {
  const faults: string[] = [];
  const container = job.ContainerProperties;
  const rules = (job.RetryStrategy?.EvaluateOnExit ?? []) as ExitRule[];
  const must = (holds: boolean, what: string): void => {
    if (!holds) faults.push(`${name}: ${what}`);
  };
  must(job.Timeout?.AttemptDurationSeconds >= 60, 'its timeout is at least 60 s');
  must(job.RetryStrategy?.Attempts >= 1 && job.RetryStrategy.Attempts <= 10, 'it has 1 to 10 attempts');
  must(rules.length > 0 && rules.length <= 5, 'it has 1 to 5 rules for exits');
  const last = rules.at(-1);
  must(last?.Action === 'EXIT' && last.OnReason === '*', 'its last rule ends what no other matched');
  for (const { OnReason, OnStatusReason, OnExitCode } of rules)
    for (const pattern of [OnReason, OnStatusReason, OnExitCode])
      must(
        pattern === undefined || /^[A-Za-z0-9.: ]*\*?$/.test(pattern),
        `${pattern} has a star at its end alone`,
      );
  must(job.PropagateTags === true, 'its tags are handed on');
  must(container.ReadonlyRootFilesystem === true, 'its root is read-only');
  must(/^[1-9]\d*$/.test(container.User ?? ''), 'it does not run as root');
  must(container.Privileged !== true, 'it has no privileges');
  must(container.JobRoleArn && container.ExecutionRoleArn, 'it has its roles');
  must(JSON.stringify(job).length < 24_576, 'it is smaller than 24 KiB');
  const reserved = (container.Environment ?? []).filter(({ Name }: { Name: string }) =>
    Name.startsWith('AWS_BATCH'),
  );
  must(reserved.length === 0, 'none of its variables has a name that Batch keeps for itself');
  return faults;
}

function shareFaults(template: Template): string[] {
  const faults: string[] = [];
  for (const [name, { Properties }] of ofType(template, 'AWS::Batch::SchedulingPolicy'))
    for (const { ShareIdentifier: share } of Properties.FairsharePolicy.ShareDistribution ?? [])
      if (!/^[A-Za-z0-9]{1,254}\*?$/.test(share)) faults.push(`${name}: ${share} is no share identifier`);
  for (const [name, { Properties: queue }] of ofType(template, 'AWS::Batch::JobQueue')) {
    if (queue.SchedulingPolicyArn === undefined) faults.push(`${name}: it is shared fairly`);
    if (queue.ComputeEnvironmentOrder.length > 3) faults.push(`${name}: it has at most 3 environments`);
  }
  return faults;
}
