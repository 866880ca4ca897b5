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
import { featureOutputs, mapFor, ResultMap } from './result-map.js';
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
  const outputs = info.array ? [] : featureOutputs(job);
  return {
    frame: {
      ...directoryFrame(base, 'Job', { path, crumbs }),
      summary: job.definition.title,
      ...mapFor(outputs),
    },
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
        {info.array && (
          <p>
            <a href={`${path}/${info.array.childrenUrl}?f=pjson`}>Jobs of the array</a>:{' '}
            {info.array.succeeded} of {info.array.size} succeeded, {info.array.failed} failed,{' '}
            {info.array.cancelled} cancelled
          </p>
        )}
        {underWay && <UnderWay path={path} />}
        {info.jobStatus === 'esriJobSucceeded' && (
          <Section id="results" title="Results">
            <ParameterLinks of={info.results} path={path} />
            <div class="outputs">
              {outputs.map((output) => (
                <ResultMap output={output} path={path} />
              ))}
            </div>
          </Section>
        )}
        <Section id="inputs" title="Inputs">
          <ParameterLinks of={info.inputs} path={path} />
        </Section>
        <Messages of={info.messages} />
      </>
    ),
  };
}

const ParameterLinks = ({ of: urls, path }: { of: JobInfo['results']; path: string }): VNode => (
  <LinkList
    links={Object.entries(urls).map(([title, { paramUrl }]) => ({ href: `${path}/${paramUrl}`, title }))}
  />
);

const UnderWay = ({ path }: { path: string }): VNode => (
  <form class="actions" action={`${path}/cancel`} method="post">
    <a class="button" href={path}>
      Check Job Details Again
    </a>
    <button type="submit">Cancel Job</button>
  </form>
);

const LEVELS: Record<GpMessage['type'], [tone: Tone, text: string]> = {
  esriJobMessageTypeInformative: ['plain', 'Informative'],
  esriJobMessageTypeWarning: ['warn', 'Warning'],
  esriJobMessageTypeError: ['bad', 'Error'],
};

const Messages = ({ of: messages }: { of: GpMessage[] }): VNode => (
  <Section id="messages" title="Messages">
    <ul>
      {messages.map(({ type, description }) => (
        <li>
          <Badge tone={LEVELS[type][0]}>{LEVELS[type][1]}</Badge> {description}
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
  const shown = kind === 'results' ? featureOutputs(job).filter((output) => output.name === name) : [];
  const forms = [
    { href: `${path}?f=pjson`, title: 'Value as JSON', type: 'application/json' },
    ...shown.map(() => ({
      href: `${path}?f=geojson`,
      title: 'Value as GeoJSON',
      type: 'application/geo+json',
    })),
  ];
  return {
    frame: {
      ...directoryFrame(base, name, { path, crumbs }),
      summary: kind === 'results' ? 'A result' : 'An input',
      ...mapFor(shown),
    },
    content: (
      <>
        <LinkList links={forms} />
        <div class="outputs">
          {shown.map((output) => (
            <ResultMap output={output} path={jobPath} />
          ))}
        </div>
      </>
    ),
  };
}
