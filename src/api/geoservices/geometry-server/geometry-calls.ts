import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { MeteredCalls } from '../../../control-plane/index.js';
import { ThreadWork } from '../../../execution/index.js';
import { type GeometryWorkParameters, hangupOf } from '../../../execution-adapter/index.js';
import { callerOf } from '../../../identity/index.js';
import { type AnswerForm, answerForm } from '../answer/answer-form.js';
import { TakeRequest } from '../request/take-request.js';
import type { GeometryOperationInfo } from './geometry-services.js';

export interface GeometryResult {
  form: AnswerForm;
  /** JSON, indented where a person is to read it. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** Calls of the geometry service: read, computed and written in a thread, without a run; admitted and counted all the same. */
@Injectable()
export class GeometryCalls {
  constructor(
    private readonly take: TakeRequest,
    private readonly threads: ThreadWork,
    private readonly metered: MeteredCalls,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  /** Throws AppError. */
  async call(request: Request, response: Response, { name }: GeometryOperationInfo): Promise<GeometryResult> {
    const signal = hangupOf(response);
    const body = await this.take.large(request);
    try {
      const form = answerForm(body.parameters);
      const { tenant } = callerOf(request);
      const { maxInputFeatures, maxInputVertices, maxInputSizeBytes, maxInlineDuration } = this.config.limits;
      const parameters: GeometryWorkParameters = {
        operation: name,
        mediaType: body.mediaType,
        indent: form.format !== 'json',
        limits: { maxFeatures: maxInputFeatures, maxVertices: maxInputVertices },
      };
      const bytes = await this.metered.admit({ tenant, operation: `geometry-server/${name}` }, (spent) =>
        this.threads.do({
          work: 'geometry-server',
          source: body.payload,
          parameters,
          // An answer is about as large as a question.
          maxBytes: maxInputSizeBytes,
          timeoutMs: maxInlineDuration,
          signal,
          spent,
        }),
      );
      return { form, bytes };
    } finally {
      await this.take.forget(body);
    }
  }
}
