import { Injectable } from '@nestjs/common';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import type { StatusInfo } from '../status-info.js';
import { About, JobLinks, Timings } from './parts/run-facts.js';
import { StatusBadge } from './parts/status-badge.js';

/** The answer to DELETE: what the job was. */
@Injectable()
export class DismissedPage implements PageView<StatusInfo> {
  render(job: StatusInfo, { root }: PageContext): Rendered {
    return {
      frame: {
        title: 'Job dismissed',
        section: 'jobs',
        breadcrumbs: [{ label: 'Jobs', href: `${root}/jobs` }],
      },
      content: (
        <>
          <p class="run-line section">
            <StatusBadge status={job.status} />
          </p>
          <About job={job} />
          <Timings job={job} />
          <JobLinks job={job} />
        </>
      ),
    };
  }
}
