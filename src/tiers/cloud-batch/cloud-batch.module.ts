import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { ExecutionTiers } from '../../execution/index.js';
import { ApprovedScripts } from './approved-scripts.js';
import { BatchProvider } from './batch-provider.js';
import { CloudBatchTier } from './cloud-batch-tier.js';
import { CompletionSink } from './completion-consumer/completion-sink.js';
import { UntakenCompletions } from './completion-consumer/untaken-completions.js';
import { LocalProvider } from './local/local-provider.js';
import { OutcomeMaker } from './outcome-maker.js';
import { Staging } from './staging.js';

/** Needs the modules of execution, of artifacts and of whoever works in threads. */
@Module({
  providers: [
    ApprovedScripts,
    Staging,
    OutcomeMaker,
    CloudBatchTier,
    // The configuration takes no other provider than those that are built.
    { provide: BatchProvider, useClass: LocalProvider },
    { provide: CompletionSink, useClass: UntakenCompletions },
  ],
  exports: [CompletionSink],
})
export class CloudBatchModule implements OnModuleInit {
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly tiers: ExecutionTiers,
    private readonly tier: CloudBatchTier,
    private readonly scripts: ApprovedScripts,
  ) {}

  /** Registered without a worker too: then it says by its name why it runs nothing. */
  async onModuleInit(): Promise<void> {
    if (!this.config.processing.tier3Enabled) return;
    await this.scripts.refresh();
    this.tiers.register(this.tier);
  }
}
