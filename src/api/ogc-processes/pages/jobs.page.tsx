import { Injectable } from '@nestjs/common';
import type { VNode } from 'preact';
import { LinkList, Moment, readableDuration, Section } from '../../../pages/index.js';
import { Catalog } from '../../../registry/index.js';
import type { JobList } from '../documents.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import type { StatusInfo } from '../status-info.js';
import { linkTo, pageLinks } from './page-links.js';
import { JobFilters } from './parts/job-filters.js';
import { About, Timings } from './parts/run-facts.js';
import { Paging } from './parts/paging.js';
import { StatusBadge } from './parts/status-badge.js';

/** The jobs of the caller, to be narrowed by status, process and time. */
@Injectable()
export class JobsPage implements PageView<JobList> {
  constructor(private readonly catalog: Catalog) {}

  render({ jobs, links }: JobList, { request, root }: PageContext): Rendered {
    const processes = this.catalog.list().map(({ definition: { id, title } }) => ({ id, title }));
    const titles = new Map(processes.map(({ id, title }) => [id, title]));
    return {
      frame: {
        title: 'Jobs',
        section: 'jobs',
        breadcrumbs: [],
        summary: 'Everything that was run, newest first.',
      },
      content: (
        <>
          <JobFilters query={request.query} path={`${root}/jobs`} processes={processes} />
          {jobs.length === 0 ? (
            <p class="notice">
              No job is here. <a href={`${root}/processes`}>Choose a process</a> and run it.
            </p>
          ) : (
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
                    <Row job={job} title={titles.get(job.processID) ?? job.processID} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <Paging next={linkTo(links, 'next')} />
          <Section id="links" title="Links">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}

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
