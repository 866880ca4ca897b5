import { Duration } from 'aws-cdk-lib';
import {
  FairshareSchedulingPolicy,
  type IManagedComputeEnvironment,
  JobQueue,
  JobStateTimeLimitActionsAction,
  JobStateTimeLimitActionsReason as Reason,
} from 'aws-cdk-lib/aws-batch';
import { Construct } from 'constructs';
import type { Compute } from './compute.ts';

/** The head of a queue blocks all behind it. What can never start is taken out early; what waits for capacity, later. */
const LONGEST_AT_HEAD: Record<Reason, Duration> = {
  [Reason.INSUFFICIENT_INSTANCE_CAPACITY]: Duration.minutes(30),
  [Reason.COMPUTE_ENVIRONMENT_MAX_RESOURCE]: Duration.minutes(10),
  [Reason.JOB_RESOURCE_REQUIREMENT]: Duration.minutes(10),
};

/**
 * Queues for jobs without and with a GPU, each shared fairly: a job names its tenant as its share. Shares are not listed, since
 * tenants come and go; all weigh the same.
 *
 * The GPU queue has no CPU environment behind the GPU's. Batch would place no job there that asks for a GPU, and it cancels
 * a job for want of capacity only when *all* environments of its queue have none: c5 would keep it waiting for ever. The
 * service falls over instead, by submitting a job that was cancelled so to the CPU queue.
 */
export class JobQueues extends Construct {
  readonly cpu: JobQueue;
  readonly gpu?: JobQueue;

  constructor(scope: Construct, id: string, { compute }: { compute: Compute }) {
    super(scope, id);
    this.cpu = this.queue('Cpu', 'honua-geoprocessing-queue', compute.cpu);
    if (compute.gpu) this.gpu = this.queue('Gpu', 'honua-geoprocessing-gpu-queue', compute.gpu);
  }

  get all(): JobQueue[] {
    return this.gpu ? [this.cpu, this.gpu] : [this.cpu];
  }

  private queue(id: string, jobQueueName: string, computeEnvironment: IManagedComputeEnvironment): JobQueue {
    // A queue made without a policy cannot be given one later.
    const schedulingPolicy = new FairshareSchedulingPolicy(this, `${id}Shares`, {
      // A tenant that comes to a full queue finds a little of it free.
      computeReservation: 10,
      shareDecay: Duration.hours(1),
    });
    return new JobQueue(this, id, {
      jobQueueName,
      schedulingPolicy,
      priority: 1,
      computeEnvironments: [{ computeEnvironment, order: 1 }],
      jobStateTimeLimitActions: Object.values(Reason).map((reason) => ({
        reason,
        action: JobStateTimeLimitActionsAction.CANCEL,
        maxTime: LONGEST_AT_HEAD[reason],
      })),
    });
  }
}
