import type { ListedLink } from '../../../pages/index.js';
import type { Link } from '../link.js';

/** The links of a document as a page lists them: its own form is the page, JSON the other one. */
export const pageLinks = (links: Link[]): ListedLink[] =>
  links.map(({ href, rel, type, title }) => ({ href, title: title ?? href, rel, type }));

/** One of the links, by its relation. */
export const linkTo = (links: Link[], rel: string): string | undefined =>
  links.find((link) => link.rel === rel)?.href;
