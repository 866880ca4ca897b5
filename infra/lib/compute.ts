import { Duration, Size, Tags } from 'aws-cdk-lib';
import {
  AllocationStrategy,
  type CfnComputeEnvironment,
  EcsMachineImageType,
  ManagedEc2EcsComputeEnvironment,
  type ManagedEc2EcsComputeEnvironmentProps,
} from 'aws-cdk-lib/aws-batch';
import {
  BlockDeviceVolume,
  type CfnLaunchTemplate,
  EbsDeviceVolumeType,
  InstanceClass,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DeploymentOptions } from './deployment-options.ts';
import type { Network } from './network.ts';

/** Of the images, and of what jobs write beside their results. */
const DISK = Size.gibibytes(100);

export interface ComputeProps {
  network: Network;
  options: Pick<DeploymentOptions, 'gpu' | 'spot' | 'spotMaxPricePercentage'>;
}

/** Instances that come with jobs and go without them: c5, and g4dn where a GPU is asked for. */
export class Compute extends Construct {
  readonly cpu: ManagedEc2EcsComputeEnvironment;
  readonly gpu?: ManagedEc2EcsComputeEnvironment;

  constructor(scope: Construct, id: string, { network, options }: ComputeProps) {
    super(scope, id);
    const launchTemplate = this.launchTemplate();
    const instanceRole = new Role(this, 'Instance', {
      description: 'Instances of jobs: register with ECS, pull images',
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role'),
      ],
    });
    const common: ManagedEc2EcsComputeEnvironmentProps = {
      vpc: network.vpc,
      vpcSubnets: { subnets: network.subnets },
      securityGroups: [network.jobs],
      launchTemplate,
      instanceRole,
      useOptimalInstanceClasses: false,
      minvCpus: 0,
      spot: options.spot,
      allocationStrategy: options.spot
        ? AllocationStrategy.SPOT_CAPACITY_OPTIMIZED
        : AllocationStrategy.BEST_FIT_PROGRESSIVE,
      ...(options.spot && { spotBidPercentage: options.spotMaxPricePercentage }),
      // Changes are made to the environment there is, and running jobs are let finish.
      replaceComputeEnvironment: false,
      terminateOnUpdate: false,
      updateTimeout: Duration.hours(6),
      updateToLatestImageVersion: true,
    };
    this.cpu = new ManagedEc2EcsComputeEnvironment(this, 'Cpu', {
      ...common,
      instanceClasses: [InstanceClass.C5],
      images: [{ imageType: EcsMachineImageType.ECS_AL2023 }],
      maxvCpus: 256,
    });
    follow(this.cpu, launchTemplate);
    if (!options.gpu) return;
    this.gpu = new ManagedEc2EcsComputeEnvironment(this, 'Gpu', {
      ...common,
      instanceClasses: [InstanceClass.G4DN],
      images: [{ imageType: EcsMachineImageType.ECS_AL2023_NVIDIA }],
      maxvCpus: 64,
    });
    follow(this.gpu, launchTemplate);
  }

  private launchTemplate(): LaunchTemplate {
    const template = new LaunchTemplate(this, 'Template', {
      // One hop: a container cannot ask for the credentials of its instance.
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(DISK.toGibibytes(), {
            volumeType: EbsDeviceVolumeType.GP3,
            encrypted: true,
          }),
        },
      ],
    });
    Tags.of(template).add('Name', 'honua-geoprocessing-jobs');
    // Batch sets the image and the user data itself.
    (template.node.defaultChild as CfnLaunchTemplate).addPropertyDeletionOverride(
      'LaunchTemplateData.UserData',
    );
    return template;
  }
}

/** Without a version an environment keeps to the first one, whatever is changed later. */
function follow(environment: ManagedEc2EcsComputeEnvironment, template: LaunchTemplate): void {
  (environment.node.defaultChild as CfnComputeEnvironment).addPropertyOverride(
    'ComputeResources.LaunchTemplate.Version',
    template.latestVersionNumber,
  );
}
