import { availableParallelism } from 'node:os';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import type { TierCapacity, TierHealth } from '../../../execution/index.js';
import { compileCappedGeos } from '../../../geometry-codecs/index.js';
import type { ThreadData } from '../task-protocol.js';
import { WorkerLane } from './worker-lane.js';

/** A decision on a read request takes milliseconds; a thread that waits longer is better used otherwise. */
const PARK_LIMIT_MS = 2_000;

/**
 * Two lanes, so that small requests do not stand behind large ones. A small request takes a free thread of the large
 * lane when its own has none; a large one never takes the small lane's.
 */
@Injectable()
export class WorkerLanes implements OnModuleDestroy {
  private readonly small: WorkerLane;
  private readonly large: WorkerLane;
  private readonly work: WorkerLane;

  constructor(@Inject(CONFIG) private readonly config: HonuaConfig) {
    const { workers } = config;
    const data: ThreadData = {
      geos: compileCappedGeos(workers.wasmMemory),
      heapBytes: workers.heapMemory,
      recycleAboveBytes: workers.recycleAbove,
      progressEveryMs: config.scheduling.progressEvery,
      parkLimitMs: PARK_LIMIT_MS,
    };
    const lane = (name: string, threads: number): WorkerLane =>
      new WorkerLane({ name, threads, maxQueue: workers.maxQueue, data });
    this.small = lane('small', workers.small);
    this.work = lane('work', workers.work);
    this.large = lane('large', workers.large || Math.max(1, availableParallelism() - 1));
  }

  for(inputBytes: number): WorkerLane {
    if (inputBytes > this.config.workers.smallLaneBytes) return this.large;
    return this.small.free === 0 && this.large.free > 0 ? this.large : this.small;
  }

  /** For work that is no run: reading a result must not wait behind computations. */
  forWork(): WorkerLane {
    return this.work;
  }

  capacity(): TierCapacity {
    return {
      slots: this.small.threads + this.large.threads,
      free: this.small.free + this.large.free,
    };
  }

  async health(): Promise<TierHealth> {
    const lanes = await Promise.all([this.small.ping(), this.large.ping(), this.work.ping()]);
    return lanes.find(({ healthy }) => !healthy) ?? { healthy: true };
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.small.close(), this.large.close(), this.work.close()]);
  }
}
