/** One link of an OGC document (link.yaml). Every link says its `rel` and `type`: some clients cannot do without. */
export interface Link {
  href: string;
  rel: string;
  type?: string;
  title?: string;
}

const OGC_REL = 'http://www.opengis.net/def/rel/ogc/1.0';

/** Relation types with a registry of their own; short ones are IANA's. */
export const REL = {
  conformance: `${OGC_REL}/conformance`,
  processes: `${OGC_REL}/processes`,
  jobList: `${OGC_REL}/job-list`,
  execute: `${OGC_REL}/execute`,
  results: `${OGC_REL}/results`,
  exceptions: `${OGC_REL}/exceptions`,
  /** PROV-AQ, W3C note of 30 April 2013. */
  provenance: 'http://www.w3.org/ns/prov#has_provenance',
} as const;

export const JSON_TYPE = 'application/json';

/** OWSLib compares this string exactly. */
export const OPENAPI_TYPE = 'application/vnd.oai.openapi+json;version=3.0';

export const jsonLink = (href: string, rel: string, title?: string): Link => ({
  href,
  rel,
  type: JSON_TYPE,
  ...(title && { title }),
});

/** The same URL with its `f` set: one of the forms of the resource, whatever Accept says. */
export function inForm(href: string, form: 'json' | 'html'): string {
  const url = new URL(href);
  url.searchParams.set('f', form);
  return url.href;
}

/** A resource itself, as JSON, and its page. */
export const selfLinks = (href: string, title: string): Link[] => [
  jsonLink(href, 'self', title),
  { href: inForm(href, 'html'), rel: 'alternate', type: 'text/html', title: `${title}, as a page` },
];

/** A link as an element of the Link header (RFC 8288), every parameter quoted. */
export function headerLink({ href, rel, type, title }: Link): string {
  const parameters = Object.entries({ rel, type, title }).filter(([, value]) => value !== undefined);
  return [
    `<${href}>`,
    ...parameters.map(([name, value]) => `${name}="${value!.replaceAll(/["\\]/g, '')}"`),
  ].join('; ');
}
