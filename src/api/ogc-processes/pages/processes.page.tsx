import { Injectable } from '@nestjs/common';
import type { VNode } from 'preact';
import { LinkList, Prose, Section } from '../../../pages/index.js';
import type { ProcessSummary } from '../describe/describe-process.js';
import type { ProcessList } from '../documents.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { linkTo, pageLinks } from './page-links.js';
import { ProcessFacts } from './parts/process-facts.js';
import { Paging } from './parts/paging.js';

/** What can be run, to be searched by word. */
@Injectable()
export class ProcessesPage implements PageView<ProcessList> {
  render({ processes, numberMatched, links }: ProcessList, { request }: PageContext): Rendered {
    const q = typeof request.query.q === 'string' ? request.query.q : '';
    return {
      frame: {
        title: 'Processes',
        section: 'processes',
        breadcrumbs: [],
        summary:
          'Choose one to see what it takes, try it on a map, and copy the request for your own program.',
        scripts: ['filter-list.js'],
      },
      content: (
        <>
          <Search q={q} found={numberMatched} />
          {processes.length === 0 && <p class="notice">No process has all of these words.</p>}
          <ul class="cards" data-filtered-by="q">
            {processes.map((process) => (
              <Card process={process} />
            ))}
          </ul>
          <Paging prev={linkTo(links, 'prev')} next={linkTo(links, 'next')} />
          <Section id="links" title="Links">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}

const Search = ({ q, found }: { q: string; found: number }): VNode => (
  <form class="search" role="search" method="get">
    <label for="q">Find a process</label>
    <div class="search-row">
      <input
        id="q"
        name="q"
        type="search"
        value={q}
        maxLength={200}
        autocomplete="off"
        placeholder="overlay, distance, points …"
      />
      <button type="submit">Search</button>
    </div>
    <p class="quiet" id="found" role="status">
      {found === 1 ? '1 process' : `${found} processes`}
    </p>
  </form>
);

function Card({ process }: { process: ProcessSummary }): VNode {
  const { id, title, description, keywords, links } = process;
  return (
    <li class="card" data-text={[id, title, description, ...keywords].join(' ').toLowerCase()}>
      <h2>
        <a href={linkTo(links, 'self')}>{title}</a>
      </h2>
      <p class="card-text">
        <Prose text={description} />
      </p>
      <p class="card-words">{keywords.join(' · ')}</p>
      <details class="card-more">
        <summary>
          More<span class="unseen"> about {title}</span>
        </summary>
        <ProcessFacts process={process} />
        <LinkList links={pageLinks(links)} />
      </details>
    </li>
  );
}
