import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Completion } from './completion.ts';
import { Compute } from './compute.ts';
import type { DeploymentOptions } from './deployment-options.ts';
import { Images } from './images.ts';
import { JobDefinitions } from './job-definitions.ts';
import { JobMetrics } from './job-metrics.ts';
import { JobQueues } from './job-queues.ts';
import { JobRoles } from './job-roles.ts';
import { Logs } from './logs.ts';
import { Network } from './network.ts';
import { Secrets } from './secrets.ts';
import { ServerRoles } from './server-roles.ts';
import { ServiceOutputs } from './service-outputs.ts';
import { Spending } from './spending.ts';
import { Storage } from './storage.ts';
import { COST_TAG, COST_TAG_VALUE } from './tags.ts';

/** Everything that the tier `cloud-batch` needs on AWS. The server itself, and its database, are started elsewhere. */
export class GeoprocessingStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { options: DeploymentOptions }) {
    super(scope, id, props);
    const { options } = props;
    Tags.of(this).add(COST_TAG, COST_TAG_VALUE);

    const storage = new Storage(this, 'Storage', options);
    const images = new Images(this, 'Images');
    const logs = new Logs(this, 'Logs', options);
    const secrets = new Secrets(this, 'Secrets');
    const network = new Network(this, 'Network', { zones: options.zones, storage });

    const compute = new Compute(this, 'Compute', { network, options });
    const queues = new JobQueues(this, 'JobQueues', { compute });
    const roles = new JobRoles(this, 'JobRoles', { storage, images, logs: logs.jobs });
    const definitions = new JobDefinitions(this, 'JobDefinitions', {
      images,
      roles,
      logs: logs.jobs,
      options,
    });

    const jobQueueArns = queues.all.map(({ jobQueueArn }) => jobQueueArn);
    const { key } = storage;
    const { webhookUrl } = options;
    const completion = new Completion(this, 'Completion', { key, jobQueueArns, webhookUrl });

    const server = new ServerRoles(this, 'ServerRoles', {
      principal: options.serverPrincipal,
      storage,
      completion,
      queues: queues.all,
      definitions: definitions.all,
      jobLogs: logs.jobs,
      serverLogs: logs.server,
      images,
      secrets,
    });

    const metrics = new JobMetrics(this, 'JobMetrics', { queues: queues.all });
    const { durationP95Seconds, alarmEmail: email } = options;
    const alarms = new Alarms(this, 'Alarms', {
      metrics,
      completion,
      jobQueueArns,
      durationP95Seconds,
      email,
    });
    new Spending(this, 'Spending', { topic: alarms.topic, ...options });

    new ServiceOutputs(this, 'Outputs', {
      options,
      cloudBatch: {
        inputBucket: storage.inputs.bucketName,
        outputBucket: storage.outputs.bucketName,
        jobQueue: queues.cpu.jobQueueName,
        jobDefinition: definitions.revision(definitions.cpu),
        completionQueue: completion.queue.queueName,
        snsTopicArn: completion.topic.topicArn,
        logGroupName: logs.jobs.logGroupName,
        ...(queues.gpu && { gpuJobQueue: queues.gpu.jobQueueName }),
        ...(definitions.gpu && { gpuJobDefinition: definitions.revision(definitions.gpu) }),
      },
      more: {
        EncryptionKey: key.keyArn,
        ServerRole: server.server.roleArn,
        ServerLaunchRole: server.launch.roleArn,
        ServerRepository: images.server.repositoryUri,
        ServerLogGroup: logs.server.logGroupName,
        WorkerRepository: images.worker.repositoryUri,
        DatabaseUrlSecret: secrets.databaseUrl.secretName,
        AdminKeySecret: secrets.adminKey.secretArn,
        LedgerKeySecret: secrets.ledgerKey.secretArn,
        Vpc: network.vpc.vpcId,
      },
    });
  }
}
