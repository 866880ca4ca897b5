import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { hangupOf, WaitForRun } from '../../../execution-adapter/index.js';
import { Access, Caller } from '../../../identity/index.js';
import { Catalog } from '../../../registry/index.js';
import type { Principal } from '../../../shared/principal.js';
import { ApiExecute } from '../openapi/api-documents.js';
import { ProcessId } from '../process-id.js';
import { isOver } from '../status-info.js';
import { executeHeaders } from './execute-headers.js';
import { ExecutionAnswers } from './execution-answers.js';
import { Submitter } from './submitter.js';

@ApiTags('Execution')
@Controller('processes')
export class ExecutionController {
  constructor(
    private readonly catalog: Catalog,
    private readonly submitter: Submitter,
    private readonly waiting: WaitForRun,
    private readonly answers: ExecutionAnswers,
  ) {}

  @Access({ scope: 'execute' })
  @Post(':processID/execution')
  @HttpCode(200)
  @ApiExecute()
  async execute(
    @Caller() principal: Principal,
    @Param('processID', ProcessId) processId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    // Whatever can be refused by its head alone is, before a byte of the body is read.
    const { definition } = this.catalog.get(processId);
    const headers = executeHeaders(request);
    const hangup = hangupOf(response);
    const exchange = { request, response, principal, processId, headers, hangup };
    const submission = await this.submitter.submit(exchange);
    if (submission.kind === 'dry-run') return this.answers.decision(submission.decision, exchange);
    const { run, request: options } = submission;
    if (run.mode === 'async') return this.answers.accepted(run, exchange);
    const patience = this.waiting.patience(definition, headers.prefer.wait);
    const latest = await this.waiting.untilOver(principal, submission, patience, hangup);
    if (hangup.aborted && !isOver(latest)) return this.submitter.abandon(latest, exchange);
    if (!isOver(latest)) return this.answers.accepted(latest, exchange);
    await this.answers.finished(latest, options, exchange);
  }
}
