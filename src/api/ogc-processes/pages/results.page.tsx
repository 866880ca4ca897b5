import { Injectable } from '@nestjs/common';
import type { RunResults } from '../../../control-plane/index.js';
import { LinkList, Section } from '../../../pages/index.js';
import { REL, selfLinks } from '../link.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { pageLinks } from './page-links.js';
import { hasMap, OutputList } from './parts/output-list.js';
import { ShownOutputs } from './shown-outputs.js';

/** What a job gave. */
@Injectable()
export class ResultsPage implements PageView<RunResults> {
  constructor(private readonly shown: ShownOutputs) {}

  render(found: RunResults, context: PageContext): Rendered {
    const { id, processId } = found.run;
    const { base, root } = context;
    const outputs = this.shown.of(found, context);
    const job = `${base}/jobs/${id}`;
    const links = [
      ...selfLinks(`${job}/results`, 'These results'),
      { href: job, rel: 'monitor', title: 'The job' },
      ...outputs.map(({ link, title, mediaType }) => ({
        href: link.href,
        rel: REL.results,
        type: mediaType,
        title,
      })),
    ];
    return {
      frame: {
        title: `Results of ${processId}`,
        section: 'jobs',
        breadcrumbs: [
          { label: 'Jobs', href: `${root}/jobs` },
          { label: id, href: `${root}/jobs/${id}` },
        ],
        map: hasMap(outputs),
        scripts: ['results-page.js'],
      },
      content: (
        <>
          <div class="section">
            <OutputList outputs={outputs} />
          </div>
          <Section id="links" title="Links">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}
