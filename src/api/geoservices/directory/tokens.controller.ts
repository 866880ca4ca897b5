import { Controller, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { invalidInput } from '../../../shared/app-error.js';
import { GetAndPost } from '../request/get-and-post.js';
import { TakeRequest } from '../request/take-request.js';

/** Where clients look for tokens. The service knows no users of its own yet, and says so in place of making some up. */
@ApiExcludeController()
@Controller('arcgis')
export class TokensController {
  constructor(private readonly take: TakeRequest) {}

  @GetAndPost(['tokens', 'tokens/generateToken', 'admin/generateToken', 'rest/generateToken'])
  async generateToken(@Req() request: Request): Promise<never> {
    await this.take.small(request);
    throw invalidInput('This server is open to everybody: it gives no tokens, and needs none.');
  }
}
