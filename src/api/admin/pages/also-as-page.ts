import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiProduces } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { ComponentChildren } from 'preact';
import { map, type Observable } from 'rxjs';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { viewerOf } from '../../../identity/index.js';
import { HTML_TYPE, type PageFrame, pageHeaders, renderPage } from '../../../pages/index.js';

const JSON_TYPE = 'application/json';
const VIEW = Symbol('AdminView');

export interface AdminContext {
  /** The path that the service stands under. */
  root: string;
  query: Request['query'];
}

export interface AdminPage {
  frame: Pick<PageFrame, 'title' | 'summary'>;
  content: ComponentChildren;
}

/** What operators get as JSON, for their eyes. */
export type AdminView<Document> = (document: Document, context: AdminContext) => AdminPage;

/** Turns what a handler returns into a page for whoever prefers one. */
@Injectable()
export class AdminPages implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly baseUrl: BaseUrl,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    response.vary('accept');
    if (!prefersPage(request)) return next.handle();
    const view = this.reflector.get<AdminView<unknown>>(VIEW, context.getHandler());
    return next.handle().pipe(
      map((document) =>
        typeof document === 'string' // another representation, by its own handler
          ? document
          : this.render(view(document, this.contextOf(request)), request, response),
      ),
    );
  }

  private contextOf(request: Request): AdminContext {
    return { root: new URL(this.baseUrl.of(request)).pathname.replace(/\/$/, ''), query: request.query };
  }

  private render({ frame, content }: AdminPage, request: Request, response: Response): string {
    const { root } = this.contextOf(request);
    const json = new URL(this.baseUrl.self(request));
    json.searchParams.set('f', 'json');
    pageHeaders(response);
    return renderPage(
      {
        ...frame,
        root,
        section: 'admin',
        viewer: viewerOf(request),
        breadcrumbs: request.path === '/admin' ? [] : [{ label: 'Operations', href: `${root}/admin` }],
        alternates: [{ href: json.href, type: JSON_TYPE, title: 'JSON' }],
      },
      content,
    );
  }
}

/** `f` wins over Accept, as everywhere else. */
function prefersPage(request: Request): boolean {
  const { f } = request.query;
  return f === undefined ? request.accepts([JSON_TYPE, HTML_TYPE]) === HTML_TYPE : f === 'html';
}

/** The resource is served as JSON, and as this page. */
export const AlsoAsPage = <Document>(view: AdminView<Document>): MethodDecorator =>
  applyDecorators(SetMetadata(VIEW, view), UseInterceptors(AdminPages), ApiProduces(JSON_TYPE, HTML_TYPE));
