export type { Alternate, Crumb, PageFrame, Section as PageSection } from './page-frame.js';
export { PagesModule } from './pages.module.js';
export { Badge, type Tone } from './parts/badge.js';
export { Facts } from './parts/facts.js';
export { JsonBlock } from './parts/json-block.js';
export { LinkList, type ListedLink } from './parts/link-list.js';
export { Section } from './parts/section.js';
export { HTML_TYPE, pageHeaders, renderPage } from './render-page.js';
