import { Injectable } from '@nestjs/common';
import { LinkList, Section } from '../../../pages/index.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { pageLinks } from '../pages/page-links.js';
import type { LayerList } from './layer-info.js';

/** The datasets that requests may name. */
@Injectable()
export class LayersPage implements PageView<LayerList> {
  render({ layers, links }: LayerList, { root }: PageContext): Rendered {
    return {
      frame: {
        title: 'Layers',
        section: 'layers',
        breadcrumbs: [],
        summary: 'Datasets that a request may name instead of sending features.',
      },
      content: (
        <>
          {layers.length === 0 && <p class="notice">There is no layer that you may see.</p>}
          <ul class="index">
            {layers.map(({ id, title, description, provider }) => (
              <li>
                <a href={`${root}/layers/${encodeURIComponent(id)}`}>{title}</a>
                <span class="about">{[id, provider, description].filter(Boolean).join(' · ')}</span>
              </li>
            ))}
          </ul>
          <Section id="links" title="Links">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}
