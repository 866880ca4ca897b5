import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { CONFIG, type HonuaConfig } from '../../../config/index.js';
import { type AdmissionDecision, GetResults, type ProcessRun } from '../../../control-plane/index.js';
import type { RequestOptions } from '../../../execution/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import { BaseUrl } from '../../../execution-adapter/index.js';
import { headerLink, jsonLink, REL } from '../link.js';
import { prefersPage } from '../negotiation/form.js';
import { PageMaker } from '../negotiation/page-maker.js';
import { ResultsPage } from '../pages/results.page.js';
import { ResultsWriter } from '../results/results-writer.js';
import { statusInfo } from '../status-info.js';
import { preferencesApplied } from '../prefer.js';
import type { ExecuteHeaders } from './execute-headers.js';

/** One execute request, its body apart, and where its answer goes. */
export interface Exchange {
  request: Request;
  response: Response;
  principal: Principal;
  processId: string;
  headers: ExecuteHeaders;
  /** Aborts when the client goes before it was answered. */
  hangup: AbortSignal;
}

/** The answers to an execute request. */
@Injectable()
export class ExecutionAnswers {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly queries: QueryBus,
    private readonly results: ResultsWriter,
    private readonly baseUrl: BaseUrl,
    private readonly pages: PageMaker,
    private readonly page: ResultsPage,
    @Inject(CONFIG) private readonly config: HonuaConfig,
  ) {}

  decision(decision: AdmissionDecision, { response, headers }: Exchange): void {
    tellApplied(response, headers, { async: false, waited: false });
    response.status(200).json(decision);
  }

  /** 201 for a run that goes on without its caller; also for a synchronous one that outlived the wait. */
  accepted(run: ProcessRun, { request, response, headers }: Exchange): void {
    const base = this.baseUrl.of(request);
    tellApplied(response, headers, { async: true, waited: run.mode === 'sync' });
    response.status(201).setHeader('location', `${base}/jobs/${run.id}`);
    if (headers.prefer.return === 'minimal') response.end();
    else response.json(statusInfo(run, base));
  }

  /** The results of a run that was waited for. Throws its failure as AppError. */
  async finished(run: ProcessRun, options: RequestOptions, exchange: Exchange): Promise<void> {
    if (run.state === 'cancelled') throw new AppError('gone', 'run-dismissed', 'The job was dismissed.');
    const { request, response, principal, headers } = exchange;
    const base = this.baseUrl.of(request);
    const job = `${base}/jobs/${run.id}`;
    const found = await this.queries.execute(new GetResults(principal, run.id, run));
    tellApplied(response, headers, { async: false, waited: true });
    const monitor = jsonLink(job, 'monitor');
    if (headers.prefer.return === 'minimal') {
      const links = [monitor, jsonLink(`${job}/results`, REL.results)];
      return void response.status(204).setHeader('link', links.map(headerLink).join(', ')).end();
    }
    if (prefersPage(request)) {
      response.setHeader('link', headerLink(monitor));
      return this.pages.send(this.page, found, request, response);
    }
    const links = this.config.ogc.syncLinkHeader ? [monitor] : [];
    await this.results.write(response, found, { options, base, links });
  }
}

function tellApplied(
  response: Response,
  { prefer }: ExecuteHeaders,
  how: { async: boolean; waited: boolean },
): void {
  const applied = preferencesApplied(prefer, how);
  if (applied) response.setHeader('preference-applied', applied);
}
