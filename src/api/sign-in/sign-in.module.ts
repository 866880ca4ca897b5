import { Module } from '@nestjs/common';
import { BaseUrl } from '../../execution-adapter/index.js';
import { SignInController } from './sign-in.controller.js';

/** Where people sign in, and out again. */
@Module({ controllers: [SignInController], providers: [BaseUrl] })
export class SignInModule {}
