import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { answerEarly, BaseUrl } from '../../../execution-adapter/index.js';
import { errorForm } from '../answer/answer-form.js';
import { written } from '../answer/answers.js';
import { parametersOf } from '../request/parameters.js';
import { errorPage } from '../directory/error-page.js';
import type { AppError } from '../../../shared/app-error.js';
import { toEnvelope } from './envelope.js';

/** Whether a path is of this protocol, also where nothing is. */
export const isGeoservicesPath = (path: string): boolean => /^\/(?:arcgis|rest)(?:\/|$)/i.test(path);

/** Errors below the paths of this protocol: Esri's envelope in an HTTP 200, since clients lose it in others. */
@Injectable()
export class EnvelopeAnswers {
  constructor(private readonly baseUrl: BaseUrl) {}

  answer(error: AppError, request: Request & { id?: string }, response: Response): void {
    const envelope = toEnvelope(error, request.id);
    const form = errorForm(request, parametersOf(request));
    response.status(200).setHeader('cache-control', 'no-store');
    if (form.format === 'html') {
      const page = Buffer.from(errorPage(response, this.baseUrl.of(request), envelope));
      response.setHeader('content-length', page.length);
      return answerEarly(request, response, page);
    }
    const { contentType, text } = written(form, envelope);
    const body = Buffer.from(text);
    response.setHeader('content-type', contentType).setHeader('content-length', body.length);
    answerEarly(request, response, body);
  }
}
