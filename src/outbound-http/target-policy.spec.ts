import { describe, expect, it } from 'vitest';
import { OutboundError } from './outbound-error.js';
import { judgeTarget, type OutboundPolicy } from './target-policy.js';

const nobody: OutboundPolicy = { allow: [], onlyAllowed: false, ports: [80, 443] };
const refusal = (url: string, policy = nobody): OutboundError => {
  try {
    judgeTarget(url, policy);
  } catch (error) {
    return error as OutboundError;
  }
  throw new Error(`${url} was not refused`);
};

describe('a URL is refused by its text', () => {
  it.each([
    ['no URL', 'nonsense'],
    ['another scheme', 'ftp://example.org/'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:application/json,{}'],
    ['gopher', 'gopher://example.org/'],
    ['a user name', 'http://user@example.org/'],
    ['a user name that looks like a host', 'http://example.org@127.0.0.1/'],
    ['a password', 'http://u:p@example.org/'],
    ['an empty user name', 'http://@example.org/'],
    ['a trailing dot', 'http://example.org./'],
    ['a backslash', 'http://example.org\\@127.0.0.1/'],
    ['one slash', 'http:/example.org/'],
    ['no slashes', 'http:example.org'],
    ['a tab in the host', 'http://exam\tple.org/'],
    ['a percent-encoded host', 'http://%65xample.org/'],
    ['full-width digits', 'http://１２７.0.0.1/'],
    ['enclosed digits', 'http://①②⑦.⓪.⓪.①/'],
    ['an ideographic full stop', 'http://example。org/'],
    ['an internationalised name that is not in ASCII', 'http://exämple.org/'],
    ['a zone id', 'http://[fe80::1%25eth0]/'],
    ['another port', 'http://example.org:22/'],
    ['the port of the database', 'http://example.org:5432/'],
    ['localhost', 'http://localhost/'],
    ['a name below localhost', 'http://a.localhost/'],
    ['decimal spelling, even of a public address', 'http://134744072/'],
    ['too many characters', `http://example.org/${'a'.repeat(5000)}`],
  ])('%s', (_, url) => {
    expect(refusal(url).reason).toBe('refused');
  });

  it('that is not on the list, where only listed hosts are called', () => {
    const policy = { ...nobody, onlyAllowed: true, allow: ['example.org'] };
    expect(refusal('https://example.com/', policy).reason).toBe('refused');
    expect(judgeTarget('https://example.org/', policy).trusted).toBe(true);
  });
});

describe('a URL is taken', () => {
  it.each([
    'http://example.org/',
    'https://EXAMPLE.org/a?b=c#d',
    'https://example.org:443/',
    'http://example.org:443/',
    'http://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://xn--exmple-cua.org/',
  ])('%s', (url) => {
    expect(judgeTarget(url, nobody)).toMatchObject({ trusted: false });
  });
});

describe('the list', () => {
  it.each<[string, string, boolean]>([
    ['127.0.0.1', 'http://127.0.0.1:9/', true],
    ['127.0.0.1:9', 'http://127.0.0.1:9/', true],
    ['127.0.0.1:9', 'http://127.0.0.1:10/', false],
    ['127.0.0.1', 'http://127.0.0.2/', false],
    ['[::1]:9', 'http://[::1]:9/', true],
    ['[::1]', 'http://[::1]:9/', true],
    ['*.example.org', 'http://a.example.org:8080/', true],
    ['*.example.org:8080', 'http://a.example.org:8080/', true],
    ['*.example.org', 'http://badexample.org:8080/', false],
    ['Receiver.Internal', 'http://receiver.internal:8080/', true],
  ])('%s and %s: %s', (pattern, url, allowed) => {
    const policy = { ...nobody, allow: [pattern] };
    if (allowed) expect(judgeTarget(url, policy).trusted).toBe(true);
    else expect(refusal(url, policy).reason).toBe('refused');
  });
});
