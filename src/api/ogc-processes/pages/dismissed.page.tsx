import { Injectable } from '@nestjs/common';
import { Facts } from '../../../pages/index.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import type { StatusInfo } from '../status-info.js';
import { JobLinks, Timings } from './parts/run-facts.js';
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
          <Facts
            of={[
              ['Status', <StatusBadge status={job.status} />],
              ['Message', job.message],
              ['Process', job.processID],
              ['Type', job.type],
              ['Progress', `${job.progress} %`],
              ['Tier', job.executedTier],
              ['Job', <code>{job.jobID}</code>],
            ]}
          />
          <Timings job={job} />
          <JobLinks job={job} />
        </>
      ),
    };
  }
}
