import { Injectable } from '@nestjs/common';
import { LinkList, Section } from '../../../pages/index.js';
import { Catalog } from '../../../registry/index.js';
import type { JobList } from '../documents.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { linkTo, pageLinks } from './page-links.js';
import { JobFilters } from './parts/job-filters.js';
import { JobTable } from './parts/job-table.js';
import { Paging } from './parts/paging.js';

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
            <JobTable jobs={jobs} titles={titles} />
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
