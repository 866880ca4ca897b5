import { Module } from '@nestjs/common';
import { BaseUrl } from '../../execution-adapter/index.js';
import { ArtifactsController } from './artifacts.controller.js';
import { RunFilesController } from './run-files.controller.js';
import { UploadsController } from './uploads.controller.js';

/** Downloads of outputs by time-limited links, and files sent ahead. */
@Module({ controllers: [ArtifactsController, RunFilesController, UploadsController], providers: [BaseUrl] })
export class ArtifactDownloadsModule {}
