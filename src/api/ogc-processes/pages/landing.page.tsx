import { Injectable } from '@nestjs/common';
import { LinkList, Section } from '../../../pages/index.js';
import { Catalog } from '../../../registry/index.js';
import type { LandingDocument } from '../documents.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { pageLinks } from './page-links.js';

/** Where everything begins: what this is, the way in, and every link of the landing page. */
@Injectable()
export class LandingPage implements PageView<LandingDocument> {
  constructor(private readonly catalog: Catalog) {}

  render({ title, description, links }: LandingDocument, { root, base }: PageContext): Rendered {
    const count = this.catalog.list().length;
    const example = `curl -X POST ${base}/processes/echo/execution \\\n  -H 'Content-Type: application/json' \\\n  -d '{"inputs": {"echo": "Hello"}, "response": "document"}'`;
    return {
      frame: { title, summary: description },
      content: (
        <>
          <div class="actions">
            <a class="button primary" href={`${root}/processes`}>
              Browse {count} processes
            </a>
            <a class="button" href={`${root}/jobs`}>
              See your jobs
            </a>
            <a class="button" href={`${root}/api`}>
              Read the API
            </a>
          </div>
          <Section id="try" title="From a terminal">
            <pre class="code" tabIndex={0} role="region" aria-label="An example request">
              {example}
            </pre>
          </Section>
          <Section id="links" title="Everything this service offers">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}
