import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { viewerOf } from '../../../identity/index.js';
import { HTML_TYPE, pageHeaders, renderPage } from '../../../pages/index.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { inForm, JSON_TYPE } from '../link.js';
import type { PageContext, PageView } from './page-view.js';

/** Makes the pages of this protocol: the view's content in the frame of the service. */
@Injectable()
export class PageMaker {
  constructor(private readonly baseUrl: BaseUrl) {}

  /** The page as text; its headers are set on `response`. */
  async make<Document>(
    view: PageView<Document>,
    document: Document,
    request: Request,
    response: Response,
  ): Promise<string> {
    const context = this.contextOf(request);
    const { frame, content } = await view.render(document, context);
    const self = this.baseUrl.self(request);
    const alternates = [{ href: inForm(self, 'json'), type: JSON_TYPE, title: 'JSON' }];
    pageHeaders(response);
    return renderPage({ ...frame, root: context.root, alternates, viewer: viewerOf(request) }, content);
  }

  async send<Document>(
    view: PageView<Document>,
    document: Document,
    request: Request,
    response: Response,
  ): Promise<void> {
    const page = await this.make(view, document, request, response);
    response.vary('accept').status(200).type(HTML_TYPE).send(page);
  }

  contextOf(request: Request): PageContext {
    const base = this.baseUrl.of(request);
    const root = new URL(base).pathname.replace(/\/$/, '');
    return { request, principal: request.principal!, base, root };
  }
}
