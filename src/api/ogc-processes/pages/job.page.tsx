import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { VNode } from 'preact';
import {
  GetResults,
  GetRun,
  GetRunEvents,
  GetRunInput,
  type ProcessRun,
  type RunEvent,
} from '../../../control-plane/index.js';
import type { RunInput } from '../../../execution/index.js';
import { Section } from '../../../pages/index.js';
import { Catalog } from '../../../registry/index.js';
import { AppError } from '../../../shared/app-error.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import type { StatusInfo } from '../status-info.js';
import { hasMap, OutputList } from './parts/output-list.js';
import { About, Decision, JobLinks, Timings } from './parts/run-facts.js';
import { RunLog } from './parts/run-log.js';
import { RunProgress } from './parts/run-progress.js';
import { SentRequest } from './parts/sent-request.js';
import { type ShownOutput, ShownOutputs } from './shown-outputs.js';

interface Told {
  run: ProcessRun;
  events: RunEvent[];
  input?: RunInput;
  outputs?: ShownOutput[];
}

/** A run while it works, and what came of it. */
@Injectable()
export class JobPage implements PageView<StatusInfo> {
  constructor(
    private readonly queries: QueryBus,
    private readonly catalog: Catalog,
    private readonly shown: ShownOutputs,
  ) {}

  async render(job: StatusInfo, context: PageContext): Promise<Rendered> {
    const told = await this.tell(job, context);
    const title = this.catalog.find(job.processID)?.definition.title ?? job.processID;
    return {
      frame: {
        title: `${title}: run of ${job.created.slice(0, 16).replace('T', ' ')}`,
        section: 'jobs',
        breadcrumbs: [{ label: 'Jobs', href: `${context.root}/jobs` }],
        map: hasMap(told.outputs ?? []) || !isOver(job),
        scripts: ['job-page.js'],
      },
      content: <Content job={job} told={told} root={context.root} />,
    };
  }

  private async tell({ jobID, status }: StatusInfo, context: PageContext): Promise<Told> {
    const { principal } = context;
    const run = await this.queries.execute(new GetRun(principal, jobID));
    const events = await this.queries.execute(new GetRunEvents(principal, jobID, 0));
    const input = await this.queries.execute(new GetRunInput(principal, jobID)).catch(unlessGone);
    if (status !== 'successful' || run.arraySize) return { run, events, input };
    const found = await this.queries.execute(new GetResults(principal, jobID, run)).catch(unlessGone);
    return { run, events, input, outputs: found && this.shown.of(found, context) };
  }
}

/** What was kept for its time and is deleted is left out of the page. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof AppError && error.kind === 'gone')) throw error;
}

const isOver = ({ status }: StatusInfo): boolean => status !== 'accepted' && status !== 'running';

const STATUS_OF = {
  queued: 'accepted',
  running: 'running',
  succeeded: 'successful',
  failed: 'failed',
  cancelled: 'dismissed',
} as const;

/** How many runs of an array stand where; each number leads to them. */
const ArrayCounts = (props: { array: NonNullable<StatusInfo['array']>; children: string }): VNode => (
  <p>
    <a href={props.children}>{props.array.size} runs</a>
    {Object.entries(STATUS_OF).map(([state, status]) => {
      const count = props.array[state as keyof typeof STATUS_OF];
      return count ? (
        <>
          {', '}
          <a href={`${props.children}&status=${status}`}>
            {count} {status}
          </a>
        </>
      ) : null;
    })}
  </p>
);

function Content({ job, told, root }: { job: StatusInfo; told: Told; root: string }): VNode {
  const { run, events, input, outputs } = told;
  return (
    <div id="run" data-over={isOver(job) ? '' : undefined} data-job={`${root}/jobs/${job.jobID}`}>
      <RunProgress job={job} />
      {outputs && (
        <Section id="results" title="Results">
          <OutputList outputs={outputs} />
        </Section>
      )}
      {job.array && (
        <Section id="runs" title="Runs">
          <ArrayCounts array={job.array} children={`${root}/jobs/${job.jobID}/children?f=html`} />
        </Section>
      )}
      <div class="columns">
        <Section id="log" title="What happened">
          <RunLog events={events} />
        </Section>
        <Section id="timings" title="Timings">
          <Timings job={job} />
        </Section>
        <Section id="decision" title="Tier, and why">
          <Decision run={run} />
        </Section>
        <Section id="about" title="About this run">
          <About job={job} process={<a href={`${root}/processes/${job.processID}`}>{job.processID}</a>} />
        </Section>
      </div>
      <SentRequest input={input} again={`${root}/processes/${job.processID}?from=${job.jobID}`} />
      <JobLinks job={job} />
    </div>
  );
}
