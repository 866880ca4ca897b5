import {
  type DynamicModule,
  Inject,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { HealthParts } from '../../../execution/index.js';
import { BatchCompletionsIndicator } from './batch-completions.indicator.js';
import { CompletionIntake } from './completion-intake.js';
import type { CompletionQueue } from './completion-queue.js';
import { CompletionSink } from './completion-sink.js';

/**
 * Hears what AWS Batch tells of its jobs by an SQS queue (`processing.cloudBatch.completionQueue`). Nothing of AWS is loaded
 * unless there is one, for the provider `aws-batch`, in a process that works.
 */
@Module({})
export class CompletionConsumerModule implements OnApplicationBootstrap, OnModuleDestroy {
  private queue: CompletionQueue | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly intake: CompletionIntake,
    private readonly indicator: BatchCompletionsIndicator,
    private readonly health: HealthParts,
  ) {}

  /** `sink`: modules that export a CompletionSink. */
  static with(sink: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: CompletionConsumerModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...sink],
      providers: [
        BatchCompletionsIndicator,
        {
          provide: CompletionIntake,
          inject: [CompletionSink],
          useFactory: (to: CompletionSink) => new CompletionIntake(to),
        },
      ],
      exports: [BatchCompletionsIndicator, CompletionIntake],
    };
  }

  /** After every module is ready, because the first message may be there already. */
  async onApplicationBootstrap(): Promise<void> {
    const { role, processing } = this.config;
    const { provider, region, completionQueue: queue } = processing.cloudBatch;
    if (queue === null || provider !== 'aws-batch' || !processing.tier3Enabled || role === 'api') return;
    const { CompletionQueue } = await import('./completion-queue.js');
    this.queue = new CompletionQueue({ queue, region }, this.intake);
    this.indicator.watch(this.queue);
    this.health.add(() => this.indicator.check());
    this.queue.start();
  }

  /** What was received is finished while the database is still there. */
  async onModuleDestroy(): Promise<void> {
    await this.queue?.stop(this.config.server.shutdownGrace);
  }
}
