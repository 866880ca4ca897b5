import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseConnection } from './connection.js';
import { profilesPath } from './profiles.js';

const SECRET = 'k-0123456789-secret';
let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'honua-profiles-'));
  path = join(home, 'honua', 'profiles.json');
  mkdirSync(join(home, 'honua'));
});
afterEach(() => rmSync(home, { recursive: true }));

function write(profiles: unknown, mode = 0o600): void {
  writeFileSync(path, typeof profiles === 'string' ? profiles : JSON.stringify(profiles));
  chmodSync(path, mode);
}
const choose = (
  options: { server?: string; profile?: string } = {},
  env: Record<string, string> = {},
): { url: string; headers?: Record<string, string> } => {
  const { url, credential } = chooseConnection(options, { XDG_CONFIG_HOME: home, ...env });
  return { url, ...(credential && { headers: credential.headers() }) };
};
const failureOf = (work: () => unknown): Error & { exitCode: number; details: string[] } => {
  try {
    work();
  } catch (error) {
    return error as Error & { exitCode: number; details: string[] };
  }
  throw new Error('It did not fail.');
};

describe('which server, and as whom', () => {
  it('without anything said, the one of this machine, as nobody', () => {
    expect(choose()).toEqual({ url: 'http://localhost:3000' });
  });

  it('by the environment', () => {
    expect(choose({}, { HONUA_SERVER: 'https://gp.example.org/base/', HONUA_API_KEY: 'k' })).toEqual({
      url: 'https://gp.example.org/base',
      headers: { 'x-api-key': 'k' },
    });
    expect(choose({}, { HONUA_TOKEN: 't' }).headers).toEqual({ authorization: 'Bearer t' });
  });

  it('by the profile default where the environment says nothing', () => {
    write({ default: { server: 'https://a.example.org', apiKey: 'a' } });
    expect(choose()).toEqual({ url: 'https://a.example.org', headers: { 'x-api-key': 'a' } });
    expect(choose({}, { HONUA_API_KEY: 'mine' }).headers).toEqual({ 'x-api-key': 'mine' });
  });

  it('by a profile that is named, before the environment', () => {
    write({ city: { server: 'https://city.example.org', token: 'c' } });
    expect(
      choose({ profile: 'city' }, { HONUA_SERVER: 'https://x.example.org', HONUA_API_KEY: 'x' }),
    ).toEqual({
      url: 'https://city.example.org',
      headers: { authorization: 'Bearer c' },
    });
  });

  it('the credential of a profile goes to no other server', () => {
    write({ default: { server: 'https://a.example.org', apiKey: 'a' } });
    expect(choose({ server: 'https://b.example.org' })).toEqual({ url: 'https://b.example.org' });
    expect(choose({ server: 'https://b.example.org', profile: 'default' })).not.toHaveProperty('headers');
    expect(choose({}, { HONUA_SERVER: 'https://b.example.org' })).not.toHaveProperty('headers');
    expect(choose({ server: 'https://a.example.org/' }).headers).toEqual({ 'x-api-key': 'a' });
  });
});

describe('is refused', () => {
  it.each([0o640, 0o604, 0o644, 0o660])('a file of profiles with mode %o', (mode) => {
    write({ default: { apiKey: SECRET } }, mode);
    expect(failureOf(() => choose())).toMatchObject({
      exitCode: 2,
      details: [expect.stringContaining('chmod 600')],
    });
  });

  it.each<[string, unknown]>([
    ['no JSON', `{"default":{"apiKey":"${SECRET}"`],
    ['an array', [SECRET]],
    ['a profile that is a text', { default: SECRET }],
    ['a member that is none', { default: { password: SECRET } }],
    ['a key that is no text', { default: { server: 'https://a.example.org', apiKey: [SECRET] } }],
    ['a key with a line break', { default: { server: 'http://localhost:3000', apiKey: `${SECRET}\n` } }],
    ['both key and token', { default: { server: 'http://localhost:3000', apiKey: SECRET, token: SECRET } }],
  ])('%s, without saying what is in it', (_, profiles) => {
    write(profiles);
    const failure = failureOf(() => choose());
    expect(failure.exitCode).toBe(2);
    expect(failure.message + failure.details.join()).not.toContain(SECRET);
  });

  it('a profile that is not there, with those that are', () => {
    write({ city: {} });
    expect(failureOf(() => choose({ profile: 'town' }))).toMatchObject({ details: ['It has: city'] });
  });

  it.each([
    'gp.example.org',
    'ftp://a.example.org',
    'http://',
    `http://me:${SECRET}@a.example.org`,
    'http://a?x=1',
  ])('the server %s', (server) => {
    const failure = failureOf(() => choose({ server }));
    expect(failure.exitCode).toBe(2);
    expect(failure.message).not.toContain(SECRET);
  });

  it('two credentials at once', () => {
    expect(failureOf(() => choose({}, { HONUA_API_KEY: 'a', HONUA_TOKEN: 'b' })).message).toContain(
      'only one',
    );
  });
});

it('a credential cannot be printed by mistake', () => {
  const { credential } = chooseConnection({}, { XDG_CONFIG_HOME: home, HONUA_API_KEY: SECRET });
  expect(JSON.stringify(credential) + inspect(credential, { showHidden: true, depth: null })).not.toContain(
    SECRET,
  );
});

it('without XDG_CONFIG_HOME the file is below ~/.config', () => {
  expect(profilesPath({ HOME: '/home/ana' })).toBe('/home/ana/.config/honua/profiles.json');
});
