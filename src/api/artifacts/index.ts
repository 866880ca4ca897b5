import { Module } from '@nestjs/common';
import { ArtifactsController } from './artifacts.controller.js';

/** Downloads of outputs by time-limited links. */
@Module({ controllers: [ArtifactsController] })
export class ArtifactDownloadsModule {}
