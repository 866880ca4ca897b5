import { describe, expect, it } from 'vitest';
import { requireJsonBody } from './body-media-type.js';

describe('a body', () => {
  it.each([
    {},
    { 'content-type': 'application/json' },
    { 'content-type': 'Application/JSON; charset=UTF-8' },
    { 'content-type': 'application/json; charset="utf-8"' },
    { 'content-type': 'application/json;profile=x' },
  ])('is taken with %o', (headers) => {
    expect(requireJsonBody(headers)).toBe('application/json');
  });

  it.each([
    { 'content-type': 'text/xml' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': '' },
    { 'content-type': '\u0000<x>' },
  ])('is refused with %o', (headers) => {
    expect(() => requireJsonBody(headers)).toThrow(
      expect.objectContaining({ kind: 'unsupported-media-type' }),
    );
  });
});
