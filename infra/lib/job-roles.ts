import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Images } from './images.ts';
import type { Storage } from './storage.ts';

/** Secrets that the container of a process may refer to are named so. */
export const JOB_SECRETS = 'honua/jobs/';

export interface JobRolesProps {
  storage: Storage;
  images: Images;
  logs: ILogGroup;
}

/** What a program may do (`job`), and what is done to start it (`execution`): nothing of the latter is seen by the program. */
export class JobRoles extends Construct {
  readonly job: Role;
  readonly execution: Role;

  constructor(scope: Construct, id: string, { storage, images, logs }: JobRolesProps) {
    super(scope, id);
    this.job = this.role('Job', 'Programs of jobs: read inputs, write outputs');
    this.readInputs(storage);
    this.writeOutputs(storage);
    storage.grantKey(this.job);

    this.execution = this.role('Execution', 'Starts the containers of jobs');
    images.worker.grantPull(this.execution);
    logs.grantWrite(this.execution);
    const { partition, region, account } = Stack.of(this);
    this.execution.addToPolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [`arn:${partition}:secretsmanager:${region}:${account}:secret:${JOB_SECRETS}*`],
      }),
    );
  }

  private readInputs({ inputs }: Storage): void {
    this.job.addToPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [inputs.arnForObjects('*')] }),
    );
  }

  private writeOutputs({ outputs }: Storage): void {
    this.job.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'],
        resources: [outputs.arnForObjects('*')],
      }),
    );
    // A program started again looks whether its run is done. Without a right to list, S3 answers 403 where there is none.
    this.job.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [outputs.arnForObjects('*/manifest.json')],
      }),
    );
  }

  private role(id: string, description: string): Role {
    // Containers of Batch are tasks of ECS. The condition keeps other accounts from having it taken on for them.
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    return new Role(this, id, { assumedBy, description });
  }
}
