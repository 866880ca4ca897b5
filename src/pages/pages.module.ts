import { Module } from '@nestjs/common';
import { AssetsController } from './assets/assets.controller.js';

/** What all pages share: the assets they load. Templates are functions and need no module. */
@Module({ controllers: [AssetsController] })
export class PagesModule {}
