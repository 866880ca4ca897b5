import { Injectable } from '@nestjs/common';
import type { VNode } from 'preact';
import { LinkList, Section } from '../../../pages/index.js';
import { Catalog } from '../../../registry/index.js';
import type { LandingDocument } from '../documents.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { pageLinks } from './page-links.js';

/** Where everything begins: what can be done here, the shortest request, and every link of the landing page. */
@Injectable()
export class LandingPage implements PageView<LandingDocument> {
  constructor(private readonly catalog: Catalog) {}

  render({ title, description, links }: LandingDocument, { root, base }: PageContext): Rendered {
    const processes = this.catalog.list().map(({ definition }) => definition);
    return {
      frame: { title, summary: description },
      content: (
        <>
          <div class="actions">
            <a class="button primary" href={`${root}/processes`}>
              Find a process
            </a>
            <a class="button" href={`${root}/jobs`}>
              See your jobs
            </a>
            <a class="button" href={`${root}/api`}>
              Read the API
            </a>
          </div>
          <Section id="processes" title={`${processes.length} processes`}>
            <ul class="index">
              {processes.map(({ id, title, keywords }) => (
                <li>
                  <a href={`${root}/processes/${id}`}>{title}</a>
                  <span class="about">{keywords.join(', ')}</span>
                </li>
              ))}
            </ul>
          </Section>
          <Section id="try" title="From a terminal">
            <Terminal base={base} />
          </Section>
          <Section id="links" title="For programs">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}

const Terminal = ({ base }: { base: string }): VNode => (
  <pre class="code" tabIndex={0} role="region" aria-label="An example request">
    {`curl -X POST '${base}/processes/buffer/execution' \\
  -H 'Content-Type: application/json' \\
  -d '{"inputs": {
    "features": {"type": "Point", "coordinates": [8.3093, 47.0502]},
    "distance": {"value": 10, "unit": "kilometers"}
  }}'`}
  </pre>
);
