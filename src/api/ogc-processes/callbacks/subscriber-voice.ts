import { Injectable, type OnModuleInit } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import { ArtifactLinks, ArtifactStore } from '../../../artifacts/index.js';
import {
  type CallbackMessage,
  type CallbackVoice,
  CallbackVoices,
  type ProcessRun,
  type RunResults,
} from '../../../control-plane/index.js';
import type { AppError } from '../../../shared/app-error.js';
import { openPayload } from '../../../execution-adapter/index.js';
import { JSON_TYPE } from '../link.js';
import { PROBLEM_TYPE } from '../problem/problem-media-type.js';
import { toProblem } from '../problem/problem.js';
import { ArrayResultsReader } from '../results/array-results.js';
import { planResults } from '../results/plan-results.js';
import { referTo } from '../results/result-links.js';
import { resultsDocument } from '../results/results-document.js';
import { statusInfo } from '../status-info.js';

const json = (value: unknown, contentType = JSON_TYPE): CallbackMessage => ({
  contentType,
  body: Buffer.from(JSON.stringify(value)),
});

/**
 * What subscribers hear: statusInfo.yaml of progress, results.yaml of success (the results as a document, whatever
 * `response` was; of an array, where those of each run are), exception.yaml of anything else. Outputs that are too large to be kept in the database are links.
 */
@Injectable()
export class SubscriberVoice implements CallbackVoice, OnModuleInit {
  constructor(
    private readonly voices: CallbackVoices,
    private readonly store: ArtifactStore,
    private readonly links: ArtifactLinks,
    private readonly arrays: ArrayResultsReader,
  ) {}

  onModuleInit(): void {
    this.voices.register('ogc-processes', this);
  }

  progress(run: ProcessRun, base: string): CallbackMessage {
    return json(statusInfo(run, base));
  }

  async results({ run, outputs }: RunResults, base: string): Promise<CallbackMessage> {
    if (run.arraySize) {
      const reader = { tenant: run.tenant, user: run.user, scopes: ['read' as const] };
      return json(await this.arrays.read(reader, run, base));
    }
    const plan = planResults(outputs, { ...run.responseSpec, response: 'document' });
    if (plan.kind !== 'document') return json({});
    const given = plan.given.map((one) =>
      one.output.payload.kind === 'artifact' ? { ...one, byReference: true } : one,
    );
    const segments = await resultsDocument(given, this.store, referTo(run, base, this.links));
    const pieces = segments.map(async (segment) =>
      typeof segment === 'string' ? Buffer.from(segment) : buffer(await openPayload(this.store, segment)),
    );
    return { contentType: JSON_TYPE, body: Buffer.concat(await Promise.all(pieces)) };
  }

  failure(error: AppError): CallbackMessage {
    return json(toProblem(error), PROBLEM_TYPE);
  }
}
