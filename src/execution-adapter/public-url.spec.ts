import { expect, it } from 'vitest';
import { publicUrl } from './public-url.js';

it.each([
  [null, { protocol: 'http', host: 'example.org:8080' }, 'http://example.org:8080'],
  [null, { protocol: 'https', host: '[::1]:3000' }, 'https://[::1]:3000'],
  [null, { protocol: 'http', host: 'x/"><script>' }, 'http://localhost'],
  [null, { protocol: 'http' }, 'http://localhost'],
  [null, { protocol: 'https', host: 'gis.example.org', prefix: '/gp/' }, 'https://gis.example.org/gp'],
  [null, { protocol: 'https', host: 'gis.example.org', prefix: '/' }, 'https://gis.example.org'],
  [null, { protocol: 'https', host: 'gis.example.org', prefix: '//evil.example' }, 'https://gis.example.org'],
  ['https://gp.example.org/base/', { protocol: 'http', host: 'inner' }, 'https://gp.example.org/base'],
])('%s, asked as %o, is %s', (configured, request, expected) => {
  expect(publicUrl(configured, request)).toBe(expected);
});
