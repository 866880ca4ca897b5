import type { Response } from 'express';
import { viewerOf } from '../../../identity/index.js';
import { pageHeaders, renderPage, Section } from '../../../pages/index.js';
import type { ErrorEnvelope } from '../errors/envelope.js';
import { rootOf } from './directory-frame.js';

/** An error for a person with a browser. */
export function errorPage(response: Response, base: string, { error }: ErrorEnvelope): string {
  pageHeaders(response);
  const frame = {
    root: rootOf(base),
    viewer: viewerOf(response.req),
    title: `Error ${error.code}`,
    summary: error.message,
    breadcrumbs: [{ label: 'services', href: `${rootOf(base)}/arcgis/rest/services` }],
  };
  return renderPage(
    frame,
    <Section id="details" title="Details">
      <ul>
        {error.details.map((detail) => (
          <li>{detail}</li>
        ))}
      </ul>
    </Section>,
  );
}
