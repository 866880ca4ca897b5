import { Module } from '@nestjs/common';
import { BaseUrl } from '../../execution-adapter/index.js';
import { ArtifactsController } from './artifacts.controller.js';
import { UploadsController } from './uploads.controller.js';

/** Downloads of outputs by time-limited links, and files sent ahead. */
@Module({ controllers: [ArtifactsController, UploadsController], providers: [BaseUrl] })
export class ArtifactDownloadsModule {}
