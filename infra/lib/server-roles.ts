import { Stack } from 'aws-cdk-lib';
import type { EcsJobDefinition, JobQueue } from 'aws-cdk-lib/aws-batch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Completion } from './completion.ts';
import type { Images } from './images.ts';
import type { Secrets } from './secrets.ts';
import type { Storage } from './storage.ts';

export interface ServerRolesProps {
  principal: string;
  storage: Storage;
  completion: Completion;
  queues: JobQueue[];
  definitions: EcsJobDefinition[];
  jobLogs: ILogGroup;
  serverLogs: ILogGroup;
  images: Images;
  secrets: Secrets;
}

/** What the server may do (`server`), and what is done to start it (`launch`). */
export class ServerRoles extends Construct {
  readonly server: Role;
  readonly launch: Role;

  private readonly props: ServerRolesProps;

  constructor(scope: Construct, id: string, props: ServerRolesProps) {
    super(scope, id);
    this.props = props;
    const { account } = Stack.of(this);
    const service = new ServicePrincipal(props.principal, {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
    // Pod identities of EKS tell the pod by tags of the session.
    const assumedBy = props.principal === 'pods.eks.amazonaws.com' ? service.withSessionTags() : service;
    this.server = new Role(this, 'Server', { assumedBy, description: 'The server of Honua Geoprocessing' });
    this.useStorage();
    this.useBatch();
    this.allow(
      ['logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:DescribeLogStreams'],
      [props.jobLogs.logGroupArn],
    );
    props.completion.queue.grantConsumeMessages(this.server);
    this.allow(['sns:ConfirmSubscription'], [props.completion.topic.topicArn]);

    this.launch = new Role(this, 'Launch', { assumedBy, description: 'Starts containers of the server' });
    props.images.server.grantPull(this.launch);
    props.serverLogs.grantWrite(this.launch);
    props.secrets.grantRead(this.launch);
  }

  private useStorage(): void {
    const { inputs, outputs } = this.props.storage;
    // Requests, uploads, results and logs are in these buckets too, and go when their time is over or a tenant is erased.
    this.allow(
      ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      [inputs.arnForObjects('*'), outputs.arnForObjects('*')],
    );
    // Without it S3 answers 403 for what is not there, and a missing manifest could not be told from a missing right.
    this.allow(['s3:ListBucket'], [inputs.bucketArn, outputs.bucketArn]);
    this.props.storage.grantKey(this.server);
  }

  private useBatch(): void {
    const { partition, region, account } = Stack.of(this);
    const jobs = `arn:${partition}:batch:${region}:${account}:job/*`;
    const { queues, definitions } = this.props;
    this.allow(
      ['batch:SubmitJob'],
      [
        ...queues.map(({ jobQueueArn }) => jobQueueArn),
        // With and without the revision: both are looked up.
        ...definitions.flatMap(({ jobDefinitionName: name }) =>
          ['', ':*'].map(
            (revision) => `arn:${partition}:batch:${region}:${account}:job-definition/${name}${revision}`,
          ),
        ),
      ],
    );
    // Ids of jobs are made by Batch, so they cannot be listed here.
    this.allow(['batch:TagResource', 'batch:CancelJob', 'batch:TerminateJob'], [jobs]);
    // Batch knows no narrower resource for these.
    this.allow(['batch:DescribeJobs', 'batch:ListJobs'], ['*']);
  }

  private allow(actions: string[], resources: string[]): void {
    this.server.addToPolicy(new PolicyStatement({ actions, resources }));
  }
}
