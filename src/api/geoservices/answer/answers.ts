import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { ComponentChildren } from 'preact';
import { ArtifactStore } from '../../../artifacts/index.js';
import { type Segment, sendSegments } from '../../../execution-adapter/index.js';
import { viewerOf } from '../../../identity/index.js';
import { type PageFrame, pageHeaders, renderPage } from '../../../pages/index.js';
import type { AnswerForm } from './answer-form.js';

/** A resource for a person with a browser. */
export interface DirectoryPage {
  frame: PageFrame;
  content: ComponentChildren;
  /** Seconds after which a browser asks again. */
  refresh?: number;
}

/** JSON, JSONP and pages. Other protocols speak in status codes; here every answer is a 200. */
@Injectable()
export class Answers {
  constructor(private readonly store: ArtifactStore) {}

  json(response: Response, form: AnswerForm, value: unknown): void {
    const { contentType, text } = written(form, value);
    response.status(200).setHeader('content-type', contentType).setHeader('cache-control', 'no-store');
    response.end(text);
  }

  page(response: Response, { frame, content, refresh }: DirectoryPage): void {
    const text = renderPage({ ...frame, viewer: viewerOf(response.req) }, content);
    pageHeaders(response);
    response.status(200).setHeader('cache-control', 'no-store');
    if (refresh !== undefined) response.setHeader('refresh', String(refresh));
    response.end(text);
  }

  /** An answer put together of text and of stored bytes. */
  async segments(response: Response, form: AnswerForm, segments: Segment[]): Promise<void> {
    const { callback } = form;
    response.status(200).setHeader('content-type', contentType(form)).setHeader('cache-control', 'no-store');
    const all = callback === undefined ? segments : [`/**/${callback}(`, ...segments, ');'];
    await sendSegments(response, all, this.store);
  }
}

export function written(form: AnswerForm, value: unknown): { contentType: string; text: string } {
  const json = JSON.stringify(value, null, form.format === 'pjson' ? 2 : undefined);
  const { callback } = form;
  return {
    contentType: contentType(form),
    text: callback === undefined ? json : `/**/${callback}(${json});`,
  };
}

function contentType({ callback, format }: AnswerForm): string {
  if (callback !== undefined) return 'text/javascript; charset=utf-8';
  return format === 'geojson' ? 'application/geo+json' : 'application/json; charset=utf-8';
}
