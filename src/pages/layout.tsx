import type { ComponentChildren, VNode } from 'preact';
import { assetPath } from './assets/asset-table.js';
import type { PageFrame, Section } from './page-frame.js';
import { Mark } from './parts/mark.js';

const NAVIGATION: { section: Section; label: string; path: string }[] = [
  { section: 'processes', label: 'Processes', path: '/processes' },
  { section: 'jobs', label: 'Jobs', path: '/jobs' },
  { section: 'layers', label: 'Layers', path: '/layers' },
  { section: 'services', label: 'Services', path: '/arcgis/rest/services' },
  { section: 'api', label: 'API', path: '/api' },
];

/** A whole page: head, navigation, way here, title, content, and where else the same can be had. */
export function Layout({ frame, children }: { frame: PageFrame; children: ComponentChildren }): VNode {
  const { root, title, summary, section } = frame;
  return (
    <html lang="en">
      <Head frame={frame} />
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="masthead">
          <a class="brand" href={`${root}/`}>
            <Mark />
            <span>
              Honua <em>Geoprocessing</em>
            </span>
          </a>
          <nav aria-label="Main">
            <ul>
              {NAVIGATION.map(({ section: own, label, path }) => (
                <li>
                  <a href={root + path} aria-current={own === section ? 'page' : undefined}>
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <Visit frame={frame} />
        </header>
        <main id="content" tabIndex={-1}>
          <Breadcrumbs frame={frame} />
          <h1>{title}</h1>
          {summary && <p class="lead">{summary}</p>}
          {children}
        </main>
        <Footer frame={frame} />
      </body>
    </html>
  );
}

/** Who is here, and the way out; or the way in. */
function Visit({ frame: { root, viewer } }: { frame: PageFrame }): VNode | null {
  if (!viewer) return null;
  if (!viewer.csrf)
    return (
      <p class="visit">
        <a href={`${root}/sign-in`}>Sign in</a>
      </p>
    );
  return (
    <form class="visit" method="post" action={`${root}/sign-out`}>
      <input type="hidden" name="csrf" value={viewer.csrf} />
      <span>{viewer.user}</span>
      <button class="button" type="submit">
        Sign out
      </button>
    </form>
  );
}

function Head({ frame }: { frame: PageFrame }): VNode {
  const { root, title, summary, alternates = [], scripts = [], map } = frame;
  const asset = (name: string): string => assetPath(root, name);
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} · Honua Geoprocessing`}</title>
      {summary && <meta name="description" content={summary} />}
      <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
      {map && <link rel="stylesheet" href={asset('leaflet.css')} />}
      {[
        'fonts.css',
        'tokens.css',
        'page.css',
        'parts.css',
        'lists.css',
        'forms.css',
        'runs.css',
        ...(map ? ['map.css'] : []),
      ].map((name) => (
        <link rel="stylesheet" href={asset(name)} />
      ))}
      {alternates.map(({ href, type, title }) => (
        <link rel="alternate" href={href} type={type} title={title} />
      ))}
      {map && ['leaflet.js', 'topojson.js'].map((name) => <script src={asset(name)} defer />)}
      {scripts.map((name) => (
        <script type="module" src={asset(name)} />
      ))}
    </head>
  );
}

function Breadcrumbs({ frame: { root, breadcrumbs, title } }: { frame: PageFrame }): VNode | null {
  if (!breadcrumbs) return null;
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      <ol>
        {[{ label: 'Home', href: `${root}/` }, ...breadcrumbs].map(({ label, href }) => (
          <li>
            <a href={href}>{label}</a>
          </li>
        ))}
        <li aria-current="page">{title}</li>
      </ol>
    </nav>
  );
}

function Footer({ frame: { root, alternates = [], map } }: { frame: PageFrame }): VNode {
  return (
    <footer class="colophon">
      {alternates.length > 0 && (
        <p>
          This page as{' '}
          {alternates.map(({ href, type, title }, index) => (
            <>
              {index > 0 && ', '}
              <a rel="alternate" type={type} href={href}>
                {title}
              </a>
            </>
          ))}
        </p>
      )}
      <p class="quiet">
        <a href={`${root}/conformance`}>Conformance</a> · <a href={`${root}/admin`}>Operations</a>
        {map && ' · Base map: Natural Earth; places: GeoNames, CC BY 4.0'}
      </p>
    </footer>
  );
}
