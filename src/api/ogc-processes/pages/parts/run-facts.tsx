import type { ComponentChildren, VNode } from 'preact';
import { Facts, LinkList, Moment, readableDuration, Section } from '../../../../pages/index.js';
import type { ProcessRun } from '../../../../control-plane/index.js';
import type { StatusInfo } from '../../status-info.js';
import { pageLinks } from '../page-links.js';

/** When things happened, and how long each took. */
export const Timings = ({ job }: { job: StatusInfo }): VNode => {
  const { created, started, finished, updated } = job;
  const between = (from?: string, to?: string): string | undefined =>
    from && to ? readableDuration(Date.parse(to) - Date.parse(from)) : undefined;
  return (
    <Facts
      of={[
        ['Created', <Moment at={created} />],
        ['Waited', between(created, started)],
        ['Started', started && <Moment at={started} />],
        ['Worked', between(started, finished)],
        ['Finished', finished && <Moment at={finished} />],
        ['Updated', <Moment at={updated} />],
      ]}
    />
  );
};

/** Where it ran, and why there: the decision of admission. */
export function Decision({ run }: { run: ProcessRun }): VNode {
  const { decision, tier, resourceClass, costUnits, estimatedCostUnits, attempt, mode } = run;
  return (
    <>
      <Facts
        of={[
          ['Version', run.processVersion],
          ['Tier', tier ?? (decision.admitted ? `${decision.tiers[0]} is next` : null)],
          ['Why', decision.reason],
          ['Mode', mode === 'sync' ? 'the caller waits for the answer' : 'as a job'],
          ['Resource class', resourceClass],
          ['Cost', `${costUnits ?? `about ${estimatedCostUnits}`} units`],
          ['Attempt', attempt > 0 ? String(attempt) : null],
          ['Trace', run.traceId && <code>{run.traceId}</code>],
        ]}
      />
      {decision.rejectedTiers.length > 0 && (
        <>
          <h3 class="spaced">Tiers that were passed over</h3>
          <Facts of={decision.rejectedTiers.map(({ tier, reason }) => [tier, reason])} />
        </>
      )}
    </>
  );
}

/** What its status document says beside the times. */
export function About({ job, process }: { job: StatusInfo; process?: ComponentChildren }): VNode {
  const { exception } = job;
  return (
    <Facts
      of={[
        ['Process', process ?? job.processID],
        ['Type', `${job.type} (${job.processingEntityType})`],
        ['Status', job.status],
        ['Message', job.message],
        ['Progress', `${job.progress} %`],
        ['Tier', job.executedTier],
        ['Job', <code>{job.jobID}</code>],
        ['Problem', exception && [exception.title, exception.detail].filter(Boolean).join(': ')],
        ['Its code', exception && `${exception.code} (status ${exception.status})`],
        ['Its type', exception && <code>{exception.type}</code>],
      ]}
    />
  );
}

export const JobLinks = ({ job }: { job: StatusInfo }): VNode => (
  <Section id="links" title="Links">
    <LinkList links={pageLinks(job.links)} />
  </Section>
);
