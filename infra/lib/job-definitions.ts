import { Duration, Fn, Size } from 'aws-cdk-lib';
import {
  Action,
  EcsEc2ContainerDefinition,
  EcsJobDefinition,
  EcsVolume,
  LinuxParameters,
  Reason,
  RetryStrategy,
} from 'aws-cdk-lib/aws-batch';
import { ContainerImage, LogDriver } from 'aws-cdk-lib/aws-ecs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DeploymentOptions } from './deployment-options.ts';
import type { Images } from './images.ts';
import type { JobRoles } from './job-roles.ts';

/** The only folder that a program can write to, HONUA_ARTIFACT_DIR. */
const SCRATCH = '/scratch';

/** Number of the user `worker` in the image. */
const WORKER_USER = '10001';

/**
 * What another try may mend: a machine that was taken back, an image that could not be pulled, a container runtime that
 * broke. Where nothing matches Batch tries again, so the last entry ends all others.
 */
const retryStrategies = (): RetryStrategy[] => [
  RetryStrategy.of(Action.RETRY, Reason.SPOT_INSTANCE_RECLAIMED),
  RetryStrategy.of(Action.RETRY, Reason.CANNOT_PULL_CONTAINER),
  RetryStrategy.of(Action.RETRY, Reason.custom({ onReason: 'DockerTimeoutError*' })),
  RetryStrategy.of(Action.EXIT, Reason.custom({ onReason: '*' })),
];

export interface JobDefinitionsProps {
  images: Images;
  roles: JobRoles;
  logs: ILogGroup;
  options: Pick<DeploymentOptions, 'gpu' | 'retryAttempts' | 'timeoutSeconds' | 'workerImageTag'>;
}

/** What a job is unless it says otherwise when it is submitted. */
export class JobDefinitions extends Construct {
  readonly cpu: EcsJobDefinition;
  readonly gpu?: EcsJobDefinition;

  private readonly props: JobDefinitionsProps;

  constructor(scope: Construct, id: string, props: JobDefinitionsProps) {
    super(scope, id);
    this.props = props;
    this.cpu = this.define('Cpu', 'honua-geoprocessing', { vcpus: 2, memory: Size.mebibytes(4096) });
    if (props.options.gpu)
      this.gpu = this.define('Gpu', 'honua-geoprocessing-gpu', {
        vcpus: 4,
        memory: Size.mebibytes(8192),
        gpus: 1,
      });
  }

  get all(): EcsJobDefinition[] {
    return this.gpu ? [this.cpu, this.gpu] : [this.cpu];
  }

  /** `name:revision`, as a job names it when it is submitted. */
  revision({ jobDefinitionArn }: EcsJobDefinition): string {
    return Fn.select(1, Fn.split('/', jobDefinitionArn));
  }

  private define(
    id: string,
    jobDefinitionName: string,
    { vcpus, memory, gpus }: { vcpus: number; memory: Size; gpus?: number },
  ): EcsJobDefinition {
    const { images, roles, logs, options } = this.props;
    const container = new EcsEc2ContainerDefinition(this, `${id}Container`, {
      image: ContainerImage.fromEcrRepository(images.worker, options.workerImageTag),
      cpu: vcpus,
      memory,
      gpu: gpus,
      command: ['honua-worker', 'run'],
      environment: { HONUA_ARTIFACT_DIR: SCRATCH },
      jobRole: roles.job,
      executionRole: roles.execution,
      user: WORKER_USER,
      readonlyRootFilesystem: true,
      // A volume of the container's own, gone with it.
      volumes: [EcsVolume.host({ name: 'scratch', containerPath: SCRATCH })],
      linuxParameters: new LinuxParameters(this, `${id}Linux`, { initProcessEnabled: true }),
      logging: LogDriver.awsLogs({ logGroup: logs, streamPrefix: 'job' }),
    });
    return new EcsJobDefinition(this, id, {
      jobDefinitionName,
      container,
      retryAttempts: options.retryAttempts,
      retryStrategies: retryStrategies(),
      timeout: Duration.seconds(options.timeoutSeconds),
      propagateTags: true,
      // A server that was not told of a new revision yet still submits the one before.
      skipDeregisterOnUpdate: true,
    });
  }
}
