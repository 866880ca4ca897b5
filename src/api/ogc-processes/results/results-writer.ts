import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { ArtifactLinks, ArtifactStore } from '../../../artifacts/index.js';
import type { RunResults } from '../../../control-plane/index.js';
import type { RequestOptions } from '../../../execution/index.js';
import { headerLink, JSON_TYPE, type Link } from '../link.js';
import { multipartRelated } from './multipart-related.js';
import { type GivenOutput, planResults, type ResultsPlan } from './plan-results.js';
import { asPart, plainText } from './plain-text.js';
import { type ArtifactReference, referTo } from './result-links.js';
import { resultsDocument } from './results-document.js';
import { type Segment, sendSegments } from '../../../execution-adapter/index.js';

export interface ResultsAnswer {
  /** How the run was asked for: it rules every later look at its results too. */
  options: RequestOptions;
  /** Public root of this service. */
  base: string;
  /** Links for the header, beside those of outputs by reference. */
  links: Link[];
}

/** Answers with the results of a run that succeeded, in the shape its request asked for. */
@Injectable()
export class ResultsWriter {
  constructor(
    private readonly store: ArtifactStore,
    private readonly artifactLinks: ArtifactLinks,
  ) {}

  async write(response: Response, { run, outputs }: RunResults, answer: ResultsAnswer): Promise<void> {
    const plan = planResults(outputs, answer.options);
    const refer = referTo(run, answer.base, this.artifactLinks);
    const links = [...answer.links, ...(plan.kind === 'links' ? plan.given.map(refer) : [])];
    if (links.length > 0) response.setHeader('link', links.map(headerLink).join(', '));
    if (plan.kind === 'nothing' || plan.kind === 'links') return void response.status(204).end();
    const { contentType, segments } = await this.body(plan, run.id, refer);
    response.status(200).setHeader('content-type', contentType);
    await sendSegments(response, segments, this.store);
  }

  private async body(
    plan: Extract<ResultsPlan, { kind: 'value' | 'multipart' | 'document' }>,
    runId: string,
    refer: (given: GivenOutput) => ArtifactReference,
  ): Promise<{ contentType: string; segments: Segment[] }> {
    if (plan.kind === 'document')
      return { contentType: JSON_TYPE, segments: await resultsDocument(plan.given, this.store, refer) };
    if (plan.kind === 'value') {
      const { mediaType, output } = plain(plan.given);
      return { contentType: mediaType, segments: [output.payload] };
    }
    const parts = plan.given.map((given) => plain(asPart(given)));
    return multipartRelated(runId, parts, refer);
  }
}

const plain = (given: GivenOutput): GivenOutput => (given.byReference ? given : plainText(given));
