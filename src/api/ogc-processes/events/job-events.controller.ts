import { type BeforeApplicationShutdown, Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  GetRun,
  GetRunEvents,
  type ProcessRun,
  type RunEvent,
  RunSignals,
} from '../../../control-plane/index.js';
import { Access, Caller } from '../../../identity/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { Principal } from '../../../shared/principal.js';
import { ApiProblem, BaseUrl } from '../../../execution-adapter/index.js';
import { JobId } from '../job-id.js';
import { ApiJobId } from '../openapi/api-documents.js';
import { isOver, statusInfo } from '../status-info.js';
import { EventStream } from './event-stream.js';
import { RunMoments } from './run-moments.js';

/** How long to wait for a signal before looking again. */
const LOOK_AGAIN_MS = 10_000;

/** One event of the stream; `data` is the text of a statusInfo. */
const EVENT = {
  type: 'object',
  required: ['id', 'data'],
  properties: { id: { type: 'string' }, data: { type: 'string' } },
};

interface Watched {
  principal: Principal;
  run: ProcessRun;
  base: string;
  /** Events up to this one were seen before. */
  seen: number;
}

@ApiTags('Jobs')
@Controller('jobs')
export class JobEventsController implements BeforeApplicationShutdown {
  private readonly open = new Set<EventStream>();

  constructor(
    private readonly queries: QueryBus,
    private readonly signals: RunSignals,
    private readonly baseUrl: BaseUrl,
  ) {}

  /** Clients come back by themselves, to wherever the service is then. */
  beforeApplicationShutdown(): void {
    for (const stream of this.open) stream.end();
  }

  @Access({ scope: 'read', ids: ['jobID'] })
  @Get(':jobID/events')
  @ApiOperation({
    summary: 'A job as it moves, as server-sent events',
    operationId: 'getEvents',
    description:
      'The data of each event is the statusInfo of that moment. The stream ends after the last one.',
  })
  @ApiJobId()
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Go on after this event.' })
  @ApiOkResponse({
    description: 'The events',
    content: { 'text/event-stream': { schema: EVENT } },
  })
  @ApiNoContentResponse({ description: 'The job is over and Last-Event-ID was its last event' })
  @ApiProblem(404, 410)
  async events(
    @Caller() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
    @Param('jobID', JobId) id: string,
  ): Promise<void> {
    const run = await this.queries.execute(new GetRun(principal, id));
    if (request.method === 'HEAD') return void response.setHeader('content-type', 'text/event-stream').end();
    const lastEventId = request.get('last-event-id');
    const seen = /^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
    // 204 is how an event source learns that it need not come back.
    if (isOver(run) && seen >= run.eventSeq) return void response.status(204).end();
    const stream = new EventStream(response);
    this.open.add(stream);
    try {
      await this.follow(stream, { principal, run, base: this.baseUrl.of(request), seen });
    } finally {
      this.open.delete(stream);
      stream.end();
    }
  }

  private async follow(stream: EventStream, { principal, run, base, seen }: Watched): Promise<void> {
    const moments = new RunMoments(run);
    let last = 0;
    while (!stream.signal.aborted) {
      // Listening begins before looking: what happens in between is not missed.
      const turn = new AbortController();
      const moved = this.signals.next(run.id, LOOK_AGAIN_MS, AbortSignal.any([turn.signal, stream.signal]));
      const events = await this.eventsAfter(principal, run.id, last);
      for (const event of events ?? []) {
        const moment = moments.next(event);
        last = moment.seq;
        if (moment.seq > seen) await stream.send(moment.seq, statusInfo(moment.status, base));
        if (moment.terminal) return turn.abort();
      }
      if (!events) return turn.abort();
      await moved;
    }
  }

  /** Undefined once the run is gone: somebody removed it while it was being watched. */
  private eventsAfter(principal: Principal, runId: string, seq: number): Promise<RunEvent[] | undefined> {
    return this.queries.execute(new GetRunEvents(principal, runId, seq)).catch((error: unknown) => {
      if (error instanceof AppError && (error.kind === 'gone' || error.kind === 'not-found'))
        return undefined;
      throw error;
    });
  }
}
