export type JobStatus =
  'SUBMITTED' | 'PENDING' | 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

export interface NameAndValue {
  name: string;
  value: string;
}

export interface ResourceRequirement {
  type: 'VCPU' | 'MEMORY' | 'GPU';
  value: string;
}

export interface EvaluateOnExit {
  onStatusReason?: string;
  onReason?: string;
  onExitCode?: string;
  action: string;
}

/** The members of a SubmitJob request that are looked at. */
export interface Submission {
  jobName: string;
  jobQueue: string;
  jobDefinition: string;
  shareIdentifier?: string;
  schedulingPriorityOverride?: number;
  arrayProperties?: { size?: number };
  dependsOn?: { jobId?: string; type?: string }[];
  parameters?: Record<string, string>;
  containerOverrides?: {
    command?: string[];
    environment?: NameAndValue[];
    resourceRequirements?: ResourceRequirement[];
  };
  retryStrategy?: { attempts?: number; evaluateOnExit?: EvaluateOnExit[] };
  propagateTags?: boolean;
  timeout?: { attemptDurationSeconds?: number };
  tags?: Record<string, string>;
}

interface AttemptContainer {
  exitCode?: number;
  reason?: string;
  logStreamName?: string;
}

export interface FakeAttempt {
  startedAt: number;
  stoppedAt: number;
  statusReason?: string;
  container: AttemptContainer;
}

/** A job as DescribeJobs tells of it; also the detail of its events. */
export interface FakeJob {
  jobArn: string;
  jobName: string;
  jobId: string;
  jobQueue: string;
  jobDefinition: string;
  status: JobStatus;
  statusReason?: string;
  attempts: FakeAttempt[];
  createdAt: number;
  startedAt?: number;
  stoppedAt?: number;
  retryStrategy: { attempts: number; evaluateOnExit: EvaluateOnExit[] };
  dependsOn: { jobId?: string }[];
  parameters: Record<string, string>;
  container: AttemptContainer & {
    image: string;
    command: string[];
    environment: NameAndValue[];
    resourceRequirements: ResourceRequirement[];
    logConfiguration: { logDriver: string; options: Record<string, string> };
  };
  arrayProperties?: { size: number; statusSummary: Record<string, number> } | { index: number };
  timeout?: { attemptDurationSeconds: number };
  tags: Record<string, string>;
  propagateTags: boolean;
  platformCapabilities: string[];
  shareIdentifier?: string;
  isCancelled: boolean;
  isTerminated: boolean;
}

export interface FakeQueue {
  /** Of fair share: then each submission needs a share identifier, without it none may have one. */
  hasPolicy?: boolean;
  /** A job waits here for ever, for want of machines. */
  isStuck?: boolean;
}

export interface FakeDefinition {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  resourceRequirements?: ResourceRequirement[];
  logGroup?: string;
}

export const isOver = ({ status }: { status: JobStatus }): boolean =>
  status === 'SUCCEEDED' || status === 'FAILED';
