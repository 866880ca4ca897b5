import { Injectable } from '@nestjs/common';
import { Facts, JsonBlock, LinkList, readableCount, Section } from '../../../pages/index.js';
import type { PageContext, PageView, Rendered } from '../negotiation/page-view.js';
import { pageLinks } from '../pages/page-links.js';
import type { LayerInfo } from './layer-info.js';

/** More would make the page slow. */
const SHOWN = 500;
const DIGITS = 5;

/** A layer with its facts, and its first features on a map. */
@Injectable()
export class LayerPage implements PageView<LayerInfo> {
  render(layer: LayerInfo, { root }: PageContext): Rendered {
    const { id, title, description, featureCount, geometryTypes, bbox, crs, fields, provider, links } = layer;
    return {
      frame: {
        title,
        section: 'layers',
        breadcrumbs: [{ label: 'Layers', href: `${root}/layers` }],
        summary: description,
        map: true,
        scripts: ['results-page.js'],
      },
      content: (
        <>
          <Facts
            of={[
              ['Features', readableCount(featureCount)],
              ['Geometry', geometryTypes.join(', ')],
              ['Extent', bbox?.map((side) => Number(side.toFixed(DIGITS))).join(', ')],
              ['Coordinate system', crs],
              ['Kept as', provider],
              ['Attributes', fields.map(({ name, type }) => `${name} (${type})`).join(', ')],
              ['Snapshot', <code>{layer.snapshot}</code>],
            ]}
          />
          <Section id="use" title="In a request">
            <JsonBlock value={{ layerReference: id }} label="As the value of an input" />
          </Section>
          <Section id="features" title="Features">
            <div
              data-features={`${root}/layers/${encodeURIComponent(id)}/items?limit=${SHOWN}`}
              data-bytes="0"
            >
              <p class="told quiet" role="status">
                <noscript>The map and the table need JavaScript.</noscript>
              </p>
              <div class="result-body" />
            </div>
            {featureCount > SHOWN && <p class="quiet">{`The first ${SHOWN} are shown.`}</p>}
          </Section>
          <Section id="links" title="Links">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}
