import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppError } from '../../shared/app-error.js';
import { JSON_TYPE } from './link.js';

/** `text/html` is among them: a browser gets the JSON until there are pages. */
const SERVED = [JSON_TYPE, 'text/html'];
const FORMATS = ['json', 'html'];

/** Negotiation of resources that exist as JSON: `f` wins over Accept; no Accept means JSON. */
@Injectable()
export class JsonOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { f } = request.query;
    if (f !== undefined && !FORMATS.includes(f as string))
      throw new AppError('invalid-input', 'invalid-query', 'A query parameter is not valid.', {
        faults: [{ path: '?f', message: `one of ${FORMATS.join(', ')}` }],
      });
    if (f === undefined && !request.accepts(SERVED))
      throw new AppError('not-acceptable', 'not-acceptable', `This resource is served as ${JSON_TYPE}.`);
    return true;
  }
}
