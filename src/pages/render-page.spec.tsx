import { expect, it } from 'vitest';
import { renderPage } from './render-page.js';

const hostile = `"><script>alert(1)</script>`;

it('escapes whatever it is given, as text and in attributes', () => {
  const frame = {
    root: '',
    title: hostile,
    summary: hostile,
    breadcrumbs: [{ label: hostile, href: `/x?${hostile}` }],
    alternates: [{ href: `/y?${hostile}`, type: hostile, title: hostile }],
  };
  const page = renderPage(frame, <p title={hostile}>{hostile}</p>);
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('">&lt;script');
  expect(page.match(/&lt;script>/g)!.length).toBeGreaterThanOrEqual(9);
});

it('has its title, its way here and its other forms', () => {
  const page = renderPage(
    {
      root: '/geo',
      title: 'Buffer',
      section: 'processes',
      breadcrumbs: [{ label: 'Processes', href: '/geo/processes' }],
      alternates: [{ href: '/geo/processes/buffer?f=json', type: 'application/json', title: 'JSON' }],
    },
    'content',
  );
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).toContain('<title>Buffer · Honua Geoprocessing</title>');
  expect(page).toContain('<a href="/geo/processes" aria-current="page">');
  expect(page).toContain(
    '<link rel="alternate" href="/geo/processes/buffer?f=json" type="application/json" title="JSON"/>',
  );
});
