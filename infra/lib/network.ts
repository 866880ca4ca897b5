import { Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService as Service,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Storage } from './storage.ts';

/** What instances, the container agent and the server call. Each is billed by the hour and zone. */
const SERVICES: Record<string, Service> = {
  EcrApi: Service.ECR,
  EcrDocker: Service.ECR_DOCKER,
  Ecs: Service.ECS,
  EcsAgent: Service.ECS_AGENT,
  EcsTelemetry: Service.ECS_TELEMETRY,
  Logs: Service.CLOUDWATCH_LOGS,
  SecretsManager: Service.SECRETS_MANAGER,
  Batch: Service.BATCH,
  Sqs: Service.SQS,
};

/** Subnets with no way to the internet: no gateway, no NAT. What runs there reaches the services named here, and no others. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly jobs: SecurityGroup;

  constructor(scope: Construct, id: string, { zones, storage }: { zones: number; storage: Storage }) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: zones,
      natGateways: 0,
      // It would be done by a Lambda function; nothing here uses that group.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'jobs', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
    });
    this.vpc = vpc;
    this.subnets = vpc.isolatedSubnets;
    this.jobs = new SecurityGroup(this, 'Jobs', {
      vpc,
      description: 'Instances that run jobs: nobody calls them, and they call https only',
      allowAllOutbound: false,
    });
    this.jobs.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'Endpoints; there is no other way out');
    const securityGroups = [this.doors(vpc)];
    for (const [name, service] of Object.entries(SERVICES))
      vpc.addInterfaceEndpoint(name, { service, securityGroups, open: false });
    this.reachStorage(vpc, storage);
  }

  private doors(vpc: Vpc): SecurityGroup {
    const group = new SecurityGroup(this, 'Endpoints', {
      vpc,
      description: 'Endpoints of services: called from this network, call nobody',
      allowAllOutbound: false,
    });
    group.addIngressRule(Peer.ipv4(vpc.vpcCidrBlock), Port.HTTPS, 'From this network');
    return group;
  }

  /** S3 through a gateway, which is free. A job cannot take what it reads to a bucket of somebody else. */
  private reachStorage(vpc: Vpc, { inputs, outputs }: Storage): void {
    const endpoint = vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    const everybody = [new AnyPrincipal()];
    endpoint.addToPolicy(
      new PolicyStatement({
        sid: 'OwnBuckets',
        principals: everybody,
        actions: ['s3:*'],
        resources: [inputs, outputs].flatMap((bucket) => [bucket.bucketArn, bucket.arnForObjects('*')]),
      }),
    );
    endpoint.addToPolicy(
      new PolicyStatement({
        sid: 'LayersOfImages',
        principals: everybody,
        actions: ['s3:GetObject'],
        resources: [
          `arn:${Stack.of(this).partition}:s3:::prod-${Stack.of(this).region}-starport-layer-bucket/*`,
        ],
      }),
    );
  }
}
