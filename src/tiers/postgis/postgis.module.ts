import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type HonuaConfig } from '../../config/index.js';
import { Database, WorkSessions } from '../../database/index.js';
import { ExecutionTiers } from '../../execution/index.js';
import { Backends } from './backends.js';
import { OutcomeMaker } from './outcome-maker.js';
import { PostgisTier } from './postgis-tier.js';
import { Procedures } from './procedures.js';
import { RequestForms } from './request-forms.js';

/** Needs the modules of the database, of execution, of artifacts and of whoever works in threads. */
@Module({
  providers: [
    Procedures,
    RequestForms,
    Backends,
    OutcomeMaker,
    PostgisTier,
    {
      provide: WorkSessions,
      // After the database: the role comes with the schema.
      inject: [CONFIG, Database],
      useFactory: ({ database, tier2 }: HonuaConfig) =>
        WorkSessions.open(database.url!, {
          role: 'honua_tier2',
          size: tier2.poolSize,
          name: 'honua-tier2',
        }),
    },
  ],
})
export class PostgisModule implements OnModuleInit, OnApplicationShutdown {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    @Inject(CONFIG) private readonly config: HonuaConfig,
    private readonly database: Database,
    private readonly tiers: ExecutionTiers,
    private readonly tier: PostgisTier,
    private readonly procedures: Procedures,
    private readonly backends: Backends,
    private readonly sessions: WorkSessions,
  ) {}

  /** Registered without PostGIS too: then it says by its name why it runs nothing. */
  async onModuleInit(): Promise<void> {
    if (!this.config.processing.tier2Enabled) return;
    this.tiers.register(this.tier);
    if (!this.database.postgis) return;
    await this.procedures.refresh();
    this.backends.startSweeping();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sessions.close();
  }
}
