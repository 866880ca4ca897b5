import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AdminModule } from './api/admin/index.js';
import { ArtifactDownloadsModule } from './api/artifacts/index.js';
import { BatchNotificationsModule } from './api/batch-notifications/index.js';
import { CallbacksModule } from './api/callbacks/index.js';
import { ErrorAnswersModule } from './api/error-answers.module.js';
import { GeoservicesModule } from './api/geoservices/index.js';
import { HealthModule } from './api/health/index.js';
import { OgcProcessesModule } from './api/ogc-processes/index.js';
import { SignInModule } from './api/sign-in/index.js';
import { ArtifactsModule } from './artifacts/index.js';
import { AwsBatchModule } from './aws-batch/index.js';
import { CONFIG, ConfigModule, type HonuaConfig } from './config/index.js';
import { ControlPlaneModule } from './control-plane/index.js';
import { DataSourcesModule } from './data-sources/index.js';
import { DatabaseModule } from './database/index.js';
import { ExecutionModule } from './execution/index.js';
import { IdentityModule } from './identity/index.js';
import { OutboundHttpModule } from './outbound-http/index.js';
import { PagesModule } from './pages/index.js';
import { RegistryModule } from './registry/index.js';
import { TelemetryModule } from './telemetry/index.js';
import { InProcessModule } from './tiers/in-process/index.js';
import {
  CloudBatchModule,
  CompletionConsumerModule,
  NotificationsModule,
} from './tiers/cloud-batch/index.js';
import { PostgisModule } from './tiers/postgis/index.js';

/** The composition root: the only file that names every module. */
@Module({})
export class AppModule {
  static with(config: HonuaConfig): DynamicModule {
    const completions = CompletionConsumerModule.with([CloudBatchModule]);
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        TelemetryModule,
        CqrsModule.forRoot(),
        DatabaseModule,
        DataSourcesModule,
        ArtifactsModule,
        OutboundHttpModule,
        RegistryModule,
        IdentityModule,
        ExecutionModule,
        AwsBatchModule.with(({ processing }: HonuaConfig) => processing.cloudBatch, [CONFIG]),
        InProcessModule,
        PostgisModule,
        CloudBatchModule,
        completions,
        NotificationsModule.with(completions),
        ControlPlaneModule,
        OgcProcessesModule,
        GeoservicesModule,
        ErrorAnswersModule,
        ArtifactDownloadsModule,
        CallbacksModule,
        BatchNotificationsModule,
        AdminModule,
        HealthModule,
        SignInModule,
        PagesModule,
      ],
    };
  }
}
