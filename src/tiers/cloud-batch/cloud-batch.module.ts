import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/index.js';
import { AwsBatch } from '../../aws-batch/index.js';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { ExecutionTiers } from '../../execution/index.js';
import { ApprovedScripts } from './approved-scripts.js';
import { AwsBatchProvider } from './aws/aws-batch-provider.js';
import { JobLogs } from './aws/job-logs.js';
import { BatchProvider } from './batch-provider.js';
import { CloudBatchTier } from './cloud-batch-tier.js';
import { CompletionSink } from './completion-consumer/completion-sink.js';
import { UntakenCompletions } from './completion-consumer/untaken-completions.js';
import { LocalProvider } from './local/local-provider.js';
import { OutcomeMaker } from './outcome-maker.js';
import { Staging } from './staging.js';

const isOnAws = ({ processing }: HonuaConfig): boolean =>
  processing.tier3Enabled && processing.cloudBatch.provider === 'aws-batch';

/** Needs the modules of execution, of artifacts and of whoever works in threads. */
@Module({
  providers: [
    ApprovedScripts,
    Staging,
    OutcomeMaker,
    CloudBatchTier,
    {
      provide: BatchProvider,
      inject: [CONFIG, ArtifactStore, AwsBatch],
      // The configuration takes no other provider than those that are built.
      useFactory: (config: HonuaConfig, artifacts: ArtifactStore, batch: AwsBatch) =>
        isOnAws(config)
          ? new AwsBatchProvider(
              config,
              batch,
              new JobLogs(batch, artifacts, config.processing.cloudBatch.logBytes),
            )
          : new LocalProvider(config, artifacts),
    },
    {
      provide: CompletionSink,
      inject: [BatchProvider],
      useFactory: (provider: BatchProvider): CompletionSink =>
        provider instanceof AwsBatchProvider
          ? { accept: (detail) => provider.accept(detail) }
          : new UntakenCompletions(),
    },
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
