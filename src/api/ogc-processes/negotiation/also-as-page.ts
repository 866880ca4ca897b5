import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { ApiProduces } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { mergeMap, type Observable } from 'rxjs';
import { HTML_TYPE } from '../../../pages/index.js';
import { JSON_TYPE } from '../link.js';
import { formOf } from './form.js';
import { PageMaker } from './page-maker.js';
import type { PageView } from './page-view.js';

const VIEW = Symbol('PageView');

/** Turns the document that a handler returns into a page when that is what the caller wants. */
@Injectable()
export class Negotiation implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly modules: ModuleRef,
    private readonly pages: PageMaker,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    response.vary('accept');
    if (formOf(request) === 'json') return next.handle();
    const view = this.modules.get<PageView>(this.reflector.get<Type<PageView>>(VIEW, context.getHandler()));
    return next
      .handle()
      .pipe(mergeMap((document: unknown) => this.pages.make(view, document, request, response)));
  }
}

/** The resource is served as JSON, and as this page. */
export const AlsoAsPage = (view: Type<PageView<never>>): MethodDecorator =>
  applyDecorators(SetMetadata(VIEW, view), UseInterceptors(Negotiation), ApiProduces(JSON_TYPE, HTML_TYPE));
