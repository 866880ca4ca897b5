import type { Crumb, PageFrame } from '../../../pages/index.js';

/** The path that the service stands under, of its public URL. */
export const rootOf = (base: string): string => new URL(base).pathname.replace(/\/$/, '');

/** The frame of a page of the services directory: the way to it below `services`, and itself as JSON. */
export function directoryFrame(
  base: string,
  title: string,
  { crumbs = [], path }: { crumbs?: Crumb[]; path: string },
): PageFrame {
  const services = { label: 'services', href: `${rootOf(base)}/arcgis/rest/services` };
  return {
    root: rootOf(base),
    title,
    section: 'services',
    breadcrumbs: path === services.href ? [] : [services, ...crumbs],
    alternates: [{ href: `${path}?f=pjson`, type: 'application/json', title: 'JSON' }],
  };
}
