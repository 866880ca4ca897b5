import { Injectable } from '@nestjs/common';
import { LinkList, readableCount, Section } from '../../../pages/index.js';
import type { ChildList } from '../documents.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { linkTo, pageLinks } from './page-links.js';
import { JobTable } from './parts/job-table.js';
import { Paging } from './parts/paging.js';

/** The runs of an array, by their place in it. */
@Injectable()
export class ChildrenPage implements PageView<ChildList> {
  render({ children, numberMatched, links }: ChildList, { root }: PageContext): Rendered {
    return {
      frame: {
        title: 'Runs of an array',
        section: 'jobs',
        breadcrumbs: [
          { label: 'Jobs', href: `${root}/jobs` },
          { label: 'Array', href: linkTo(links, 'collection')! },
        ],
        summary: `${readableCount(numberMatched)} of them, by their place.`,
      },
      content: (
        <>
          {children.length === 0 ? (
            <p class="notice">None is here.</p>
          ) : (
            <JobTable jobs={children} titles={new Map()} />
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
