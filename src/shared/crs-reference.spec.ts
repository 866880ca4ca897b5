import { expect, it } from 'vitest';
import { crsUrn, parseCrsReference } from './crs-reference.js';

it.each([
  ['EPSG:3857', 'EPSG:3857'],
  ['epsg:04326', 'EPSG:4326'],
  ['urn:ogc:def:crs:EPSG::3857', 'EPSG:3857'],
  ['urn:ogc:def:crs:EPSG:6.6:4326', 'EPSG:4326'],
  ['http://www.opengis.net/def/crs/EPSG/0/2056', 'EPSG:2056'],
  ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'OGC:CRS84'],
  ['urn:ogc:def:crs:OGC:1.3:CRS84', 'OGC:CRS84'],
  ['CRS84', 'OGC:CRS84'],
  ['3857', undefined],
  ['EPSG:', undefined],
  ['http://example.org/EPSG/0/3857', undefined],
])('%s names %s', (text, name) => expect(parseCrsReference(text)).toBe(name));

it('writes a name as a URN that it reads again', () => {
  for (const name of ['OGC:CRS84', 'EPSG:3857']) expect(parseCrsReference(crsUrn(name))).toBe(name);
});
