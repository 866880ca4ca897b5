import type { VNode } from 'preact';
import { LinkList, Moment, readableDuration } from '../../../../pages/index.js';
import type { StatusInfo } from '../../status-info.js';
import { linkTo, pageLinks } from '../page-links.js';
import { About, Timings } from './run-facts.js';
import { StatusBadge } from './status-badge.js';

/** Jobs, a row each; `titles` are of their processes. */
export const JobTable = ({ jobs, titles }: { jobs: StatusInfo[]; titles: Map<string, string> }): VNode => (
  <div class="scroll" tabIndex={0} role="region" aria-label="Jobs">
    <table class="jobs">
      <thead>
        <tr>
          {['Process', 'Status', 'Created', 'Took', 'Tier', 'Job'].map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <Row job={job} title={job.label ?? titles.get(job.processID) ?? job.processID} />
        ))}
      </tbody>
    </table>
  </div>
);

function Row({ job, title }: { job: StatusInfo; title: string }): VNode {
  const { jobID, status, created, executedTier, message, progress } = job;
  return (
    <tr>
      <th scope="row">
        <a href={linkTo(job.links, 'self')}>{title}</a>
        {message && <span class="about">{message}</span>}
      </th>
      <td>
        <StatusBadge status={status} />
        {status === 'running' && ` ${progress} %`}
      </td>
      <td class="nowrap">
        <Moment at={created} />
      </td>
      <td class="nowrap">{took(job)}</td>
      <td class="nowrap">{executedTier}</td>
      <td>
        <code class="nowrap">{jobID}</code>
        <details>
          <summary>
            More<span class="unseen"> of job {jobID}</span>
          </summary>
          <About job={job} />
          <Timings job={job} />
          <LinkList links={pageLinks(job.links)} />
        </details>
      </td>
    </tr>
  );
}

const took = ({ started, finished }: StatusInfo): string =>
  started && finished ? readableDuration(Date.parse(finished) - Date.parse(started)) : '';
