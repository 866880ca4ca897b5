import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { logOptions, requestId, withoutSecrets } from './log-options.js';

function exchange(headers: Record<string, string>): [IncomingMessage, ServerResponse] {
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, headers);
  return [request, new ServerResponse(request)];
}

describe('logs', () => {
  it('keep the id a caller sends, and answer with it', () => {
    const [request, response] = exchange({ 'x-request-id': 'abc-1' });
    expect(requestId(request, response)).toBe('abc-1');
    expect(response.getHeader('x-request-id')).toBe('abc-1');
  });

  it('replace an id that could forge a line', () => {
    const [request, response] = exchange({ 'x-request-id': 'a\n{"level":60}' });
    expect(requestId(request, response)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('hold no credential of a URL', () => {
    expect(withoutSecrets('/a?token=s3cret&x=1')).toBe('/a?token=[removed]&x=1');
    expect(withoutSecrets('/a?x=1&api_key=s3cret')).toBe('/a?x=1&api_key=[removed]');
    expect(withoutSecrets(`/x/honua_${'0'.repeat(12)}_s3cret-_/y`)).toBe('/x/[removed]/y');
    expect(withoutSecrets('/artifacts/eyJh.bGc?f=json')).toBe('/artifacts/[removed]?f=json');
  });

  it('hold no credential of an object', () => {
    let text = '';
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    });
    const { level, redact } = logOptions('info');
    const log = pino({ level, redact }, sink);
    log.info({ headers: { authorization: 'Bearer s3cret', 'x-api-key': 's3cret' }, apiKey: 's3cret' }, 'x');
    expect(text).not.toContain('s3cret');
    expect(text).toContain('[removed]');
  });
});
