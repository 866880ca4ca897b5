import { Injectable } from '@nestjs/common';
import { LinkList, Section } from '../../../pages/index.js';
import type { ConformanceDocument } from '../documents.js';
import type { PageView, Rendered } from '../negotiation/page-view.js';
import { pageLinks } from './page-links.js';

/** `http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core`: standard, version, class. */
const CLASS_URI = /\/spec\/([^/]+)\/([^/]+)\/conf\/(.+)$/;

@Injectable()
export class ConformancePage implements PageView<ConformanceDocument> {
  render({ conformsTo, links }: ConformanceDocument): Rendered {
    return {
      frame: {
        title: 'Conformance',
        breadcrumbs: [],
        summary:
          'The classes of the standards that hold here. Each requirement of them has a test of its own.',
      },
      content: (
        <>
          <div class="section scroll" tabIndex={0} role="region" aria-label="Conformance classes">
            <table>
              <thead>
                <tr>
                  <th scope="col">Class</th>
                  <th scope="col">Standard</th>
                  <th scope="col">URI</th>
                </tr>
              </thead>
              <tbody>
                {conformsTo.map((uri) => {
                  const [, standard, version, name] = CLASS_URI.exec(uri) ?? [];
                  return (
                    <tr>
                      <th scope="row">{name ?? uri}</th>
                      <td>{standard && `${standard} ${version}`}</td>
                      <td class="break">
                        <a href={uri}>{uri}</a>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
          <Section id="links" title="Links">
            <LinkList links={pageLinks(links)} />
          </Section>
        </>
      ),
    };
  }
}
