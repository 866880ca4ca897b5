import type { VNode } from 'preact';
import { taskName } from '../../../execution-adapter/index.js';
import { Badge, Facts, LinkList, Section, type Tone } from '../../../pages/index.js';
import type { DirectoryPage } from '../answer/answers.js';
import { directoryFrame } from '../directory/directory-frame.js';
import { crumbsTo, taskPath } from './gp-pages.js';
import { jobIdOf } from './job-id.js';
import type { JobInfo, JobStatus } from './job-info.js';
import type { FoundJob } from './jobs.js';
import type { GpMessage } from './messages.js';
import type { GpService } from './services.js';

const TONES: Record<JobStatus, Tone> = {
  esriJobSubmitted: 'busy',
  esriJobExecuting: 'busy',
  esriJobCancelling: 'warn',
  esriJobSucceeded: 'good',
  esriJobFailed: 'bad',
  esriJobTimedOut: 'bad',
  esriJobCancelled: 'warn',
};
const UNDER_WAY = new Set<JobStatus>(['esriJobSubmitted', 'esriJobExecuting', 'esriJobCancelling']);
const ASK_AGAIN_SECONDS = 2;

function pathOf(base: string, service: GpService, { definition, run }: FoundJob): string {
  return `${taskPath(base, service, taskName(definition.id))}/jobs/${jobIdOf(run.id)}`;
}

/** A job as it is; while it is under way the page asks again by itself, and at its end it shows the result on a map. */
export function jobPage(
  base: string,
  service: GpService,
  { info, job }: { info: JobInfo; job: FoundJob },
): DirectoryPage {
  const path = pathOf(base, service, job);
  const crumbs = crumbsTo(base, service, taskName(job.definition.id));
  const underWay = UNDER_WAY.has(info.jobStatus);
  const links = (of: JobInfo['results']): VNode => (
    <LinkList
      links={Object.entries(of).map(([title, { paramUrl }]) => ({ href: `${path}/${paramUrl}`, title }))}
    />
  );
  return {
    frame: { ...directoryFrame(base, 'Job', { path, crumbs }), summary: info.jobId },
    ...(underWay && { refresh: ASK_AGAIN_SECONDS }),
    content: (
      <>
        <Facts
          of={[
            ['Job ID', <code>{info.jobId}</code>],
            ['Status', <Badge tone={TONES[info.jobStatus]}>{info.jobStatus}</Badge>],
            ['Progress', info.progress && `${info.progress.percent} %: ${info.progress.message}`],
          ]}
        />
        {underWay && <UnderWay path={path} />}
        {Object.keys(info.results).length > 0 && (
          <Section id="results" title="Results">
            {links(info.results)}
          </Section>
        )}
        <Section id="inputs" title="Inputs">
          {links(info.inputs)}
        </Section>
        <Messages of={info.messages} />
      </>
    ),
  };
}

const UnderWay = ({ path }: { path: string }): VNode => (
  <div class="actions">
    <a href={path}>Check Job Details Again</a>{' '}
    <form action={`${path}/cancel`} method="post">
      <button type="submit">Cancel Job</button>
    </form>
  </div>
);

const Messages = ({ of: messages }: { of: GpMessage[] }): VNode => (
  <Section id="messages" title="Messages">
    <ul>
      {messages.map(({ type, description }) => (
        <li>
          <Badge
            tone={
              type === 'esriJobMessageTypeError'
                ? 'bad'
                : type === 'esriJobMessageTypeWarning'
                  ? 'warn'
                  : 'plain'
            }
          >
            {type.slice('esriJobMessageType'.length)}
          </Badge>{' '}
          {description}
        </li>
      ))}
    </ul>
  </Section>
);

/** One parameter of a job, and the forms it can be had in. */
export function parameterPage(
  base: string,
  service: GpService,
  { kind, name, job }: { kind: 'results' | 'inputs'; name: string; job: FoundJob },
): DirectoryPage {
  const jobPath = pathOf(base, service, job);
  const path = `${jobPath}/${kind}/${encodeURIComponent(name)}`;
  const crumbs = [
    ...crumbsTo(base, service, taskName(job.definition.id)),
    { label: jobIdOf(job.run.id), href: jobPath },
  ];
  return {
    frame: {
      ...directoryFrame(base, name, { path, crumbs }),
      summary: kind === 'results' ? 'A result' : 'An input',
    },
    content: (
      <LinkList
        links={[
          { href: `${path}?f=pjson`, title: 'Value as JSON', type: 'application/json' },
          ...(kind === 'results'
            ? [{ href: `${path}?f=geojson`, title: 'Value as GeoJSON', type: 'application/geo+json' }]
            : []),
        ]}
      />
    ),
  };
}
