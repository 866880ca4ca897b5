import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { ExecutionTiers, InputInspector, ThreadWork } from '../../execution/index.js';
import { InProcessInputInspector } from './input-inspector.js';
import { InProcessTier } from './in-process-tier.js';
import { WorkerLanes } from './lanes/worker-lanes.js';
import { InProcessThreadWork } from './thread-work.js';
import { OutcomeMaker } from './outcome-maker.js';

/**
 * Global for the InputInspector it gives to the control plane and the ThreadWork it gives to protocols; needs those of
 * commands, execution and artifacts.
 */
@Global()
@Module({
  providers: [
    WorkerLanes,
    OutcomeMaker,
    InProcessTier,
    { provide: InputInspector, useClass: InProcessInputInspector },
    { provide: ThreadWork, useClass: InProcessThreadWork },
  ],
  exports: [InputInspector, ThreadWork, InProcessTier],
})
export class InProcessModule implements OnModuleInit {
  constructor(
    private readonly tiers: ExecutionTiers,
    private readonly tier: InProcessTier,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /** Inputs are always read here; a disabled tier only does not compute. */
  onModuleInit(): void {
    if (this.config.processing.tier1Enabled) this.tiers.register(this.tier);
  }
}
