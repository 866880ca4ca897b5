import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { ExecutionTiers, InputInspector } from '../../execution/index.js';
import { InProcessInputInspector } from './input-inspector.js';
import { InProcessTier } from './in-process-tier.js';
import { WorkerLanes } from './lanes/worker-lanes.js';
import { OutcomeMaker } from './outcome-maker.js';

/** Global for the InputInspector it gives to the control plane; needs those of commands, execution and artifacts. */
@Global()
@Module({
  providers: [
    WorkerLanes,
    OutcomeMaker,
    InProcessTier,
    { provide: InputInspector, useClass: InProcessInputInspector },
  ],
  exports: [InputInspector, InProcessTier],
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
