import {
  All,
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  MethodNotAllowedException,
  UseGuards,
} from '@nestjs/common';
import type { Request } from 'express';
import { TokenInBody } from '../../../identity/index.js';

const METHODS = ['GET', 'HEAD', 'POST'];

@Injectable()
class GetAndPostOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (METHODS.includes(context.switchToHttp().getRequest<Request>().method)) return true;
    throw new MethodNotAllowedException();
  }
}

/** A resource that answers GET and POST alike, as all of this protocol do; other methods get an error in its form. */
export const GetAndPost = (path: string | string[] = '/'): MethodDecorator =>
  applyDecorators(All(path), TokenInBody(), UseGuards(GetAndPostOnly));
