import { expect, it } from 'vitest';
import { placeToGoOn } from './way-to-sign-in.js';

const base = 'https://maps.example/honua';

it('goes on to places of this service', () => {
  expect(placeToGoOn('/jobs?limit=3', base)).toBe('/honua/jobs?limit=3');
});

it.each([
  undefined,
  '',
  'jobs',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/x\\..\\y',
  'https://evil.example/',
  'javascript:alert(1)',
  ' /jobs',
  '/jobs\r\nset-cookie: a=b',
])('goes nowhere else: %j', (to) => {
  expect(placeToGoOn(to, base)).toBe(`${base}/`);
});
