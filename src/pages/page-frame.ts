import type { Viewer } from '../identity/index.js';

/** A part of the service that the navigation names. */
export type Section = 'processes' | 'jobs' | 'layers' | 'services' | 'api' | 'admin';

export interface Crumb {
  label: string;
  href: string;
}

/** Another form of what a page shows. */
export interface Alternate {
  href: string;
  type: string;
  /** What a person calls it, such as JSON. */
  title: string;
}

/** What stands around the content of a page. */
export interface PageFrame {
  /** The path that the service stands under, without a trailing slash: '' at the root of its host. */
  root: string;
  title: string;
  /** One sentence for people and for search engines. */
  summary?: string;
  section?: Section;
  /** The way from the landing page to this one; neither of the two is in it. */
  breadcrumbs?: Crumb[];
  alternates?: Alternate[];
  /** Absent where nobody signs in. */
  viewer?: Viewer;
  /** Browser modules (`src/pages/browser`) to load, by asset name: `run-page.js`. */
  scripts?: string[];
  /** Loads Leaflet and the base map for the scripts. */
  map?: boolean;
}
