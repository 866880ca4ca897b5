import { describe, expect, it } from 'vitest';
import { watchFields } from './field-watch.js';
import { formTypeOf } from './form-type.js';
import { readMultipart } from './multipart.js';
import { readUrlencoded } from './urlencoded.js';

const WANTED = new Set(['f', 'token']);

/** The watched fields of a body that comes in pieces of every size. */
function watched(mediaType: string, body: string): Record<string, string>[] {
  const bytes = Buffer.from(body);
  return [1, 2, 3, 7, 64, bytes.length].map((size) => {
    const watch = watchFields(formTypeOf(mediaType)!, WANTED);
    for (let at = 0; at < bytes.length; at += size) watch.see(bytes.subarray(at, at + size));
    return Object.fromEntries(watch.end());
  });
}

describe('urlencoded', () => {
  it('fields come decoded; bad escapes stay', () => {
    const fields = readUrlencoded(Buffer.from('a=1+2%20%C3%BC&b&&c=%zz%2&=x'));
    expect(fields.map(({ name, text }) => [name, text.toString()])).toEqual([
      ['a', '1 2 ü'],
      ['b', ''],
      ['c', '%zz%2'],
      ['', 'x'],
    ]);
  });

  it('small fields are seen however the bytes are cut', () => {
    const body = `F=pjson&Input=${'x=%26'.repeat(5000)}&other=f=html&token=a%2Bb&f=json`;
    for (const found of watched('application/x-www-form-urlencoded', body))
      expect(found).toEqual({ f: 'json', token: 'a+b' });
  });

  it('a hostile body is seen in no time, chunk by chunk', () => {
    const begun = performance.now();
    for (const piece of ['&', '=', '&=', 'a&', 'f=&']) {
      const watch = watchFields(formTypeOf('application/x-www-form-urlencoded')!, WANTED);
      const chunk = Buffer.from(piece.repeat(65_536 / piece.length));
      for (let i = 0; i < 16; i++) watch.see(chunk);
      watch.end();
    }
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('a field that is too large is no small field', () => {
    for (const found of watched('application/x-www-form-urlencoded', `f=${'x'.repeat(20_000)}`))
      expect(found).toEqual({});
  });
});

describe('multipart', () => {
  const part = (head: string, text: string): string =>
    `--b-1\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const body = `${part('name="f"', 'json')}${part('name="file"; filename="a.txt"', 'x')}${part('name="Input"', 'a\r\n--b-\r\nz')}${part('name=token', 't')}--b-1--\r\n`;

  it('parts come with their names and bytes', () => {
    const parts = readMultipart(Buffer.from(body), 'b-1');
    expect(parts.map(({ name, filename, text }) => [name, filename, text.toString()])).toEqual([
      ['f', undefined, 'json'],
      ['file', 'a.txt', 'x'],
      ['Input', undefined, 'a\r\n--b-\r\nz'],
      ['token', undefined, 't'],
    ]);
  });

  it('small fields are seen however the bytes are cut', () => {
    for (const found of watched('multipart/form-data; boundary="b-1"', body))
      expect(found).toEqual({ f: 'json', token: 't' });
  });

  it.each(['', '--x', body.slice(0, -8), `--b-1\r\n\r\nx\r\n--b-1--`, '--b-1 --'])('%j is refused', (bad) => {
    expect(() => readMultipart(Buffer.from(bad), 'b-1')).toThrow(/multipart/);
  });
});

it.each([
  ['application/json; charset=utf-8', { kind: 'json' }],
  ['APPLICATION/X-WWW-FORM-URLENCODED', { kind: 'urlencoded' }],
  ['multipart/form-data; charset=x; boundary=abc', { kind: 'multipart', boundary: 'abc' }],
  ['multipart/form-data', undefined],
  ['text/plain', undefined],
])('%s is %j', (mediaType, type) => {
  expect(formTypeOf(mediaType)).toEqual(type);
});
