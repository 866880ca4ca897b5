import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults, loadConfig } from './load.js';

const shipped = resolve(import.meta.dirname, '../../config');

function faultsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('ships with valid defaults, durations in milliseconds and sizes in bytes', () => {
    const config = loadConfig(shipped, {});
    expect(config.server.port).toBe(3000);
    expect(config.limits.maxInlineDuration).toBe(30_000);
    expect(config.limits.maxInputSizeBytes).toBe(100 * 1024 * 1024);
  });

  it('has a template for AWS, whose comments are settings too', () => {
    const text = readFileSync(join(shipped, 'aws-batch.yaml'), 'utf8');
    expect(loadConfig(shipped, { HONUA_ENV: 'aws-batch' }).processing.artifactStore).toMatchObject({
      provider: 's3',
      requireServerSideEncryption: true,
      kmsKeyId: null,
    });
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    try {
      cpSync(join(shipped, 'default.yaml'), join(folder, 'default.yaml'));
      writeFileSync(join(folder, 'all.yaml'), text.replaceAll(/^( *)# (\w+: .*)$/gm, '$1$2'));
      const { kmsKeyId, bucket } = loadConfig(folder, { HONUA_ENV: 'all' }).processing.artifactStore;
      expect(kmsKeyId).toMatch(/^arn:aws:kms:/);
      expect(bucket).toBe('honua-gp-artifacts');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('open is for a loopback address, and for nobody to sign in to', () => {
    const key = { HONUA_ADMIN_KEY: 'k'.repeat(32) };
    for (const HOST of ['127.0.0.1', '127.8.0.9', '::1', 'localhost'])
      expect(loadConfig(shipped, { HOST }).identity.mode).toBe('open');
    for (const HOST of ['0.0.0.0', '::', '10.1.2.3', 'maps.example', '127.0.0.1.example', '1127.0.0.1'])
      expect(faultsOf(() => loadConfig(shipped, { HOST }))[0], HOST).toMatch(
        /^identity.mode: open is for a loop/,
      );
    for (const how of [key, { Identity__Logins: 'a:b@c' }])
      expect(faultsOf(() => loadConfig(shipped, how))[0]).toMatch(/^identity.mode: open asks nobody/);
    const required = { HOST: '0.0.0.0', Identity__Mode: 'required', ...key };
    expect(loadConfig(shipped, required).identity.mode).toBe('required');
    expect(faultsOf(() => loadConfig(shipped, { ...required, HONUA_ADMIN_KEY: 'short' }))).toHaveLength(1);
  });

  it('has issuers as JSON, with signatures alone that nobody else can make', () => {
    const issuers = (over: object): string =>
      JSON.stringify([{ issuer: 'https://x/', audience: 'honua', jwksUrl: 'https://x/keys', ...over }]);
    const load = (text: string): ReturnType<typeof loadConfig> =>
      loadConfig(shipped, { Identity__Mode: 'required', Identity__Issuers: text });
    expect(load(issuers({})).identity.issuers[0]).toMatchObject({
      types: ['at+jwt', 'jwt'],
      clockSkew: 30_000,
    });
    for (const wrong of [
      issuers({ algorithms: ['HS256'] }),
      issuers({ algorithms: ['none'] }),
      issuers({ jwksUrl: undefined }),
      issuers({ scopes: { all: 'root' } }),
      '[{',
    ])
      expect(
        faultsOf(() => load(wrong)),
        wrong,
      ).not.toEqual([]);
  });

  it('is overridden by the environment, between levels by __, in any case', () => {
    const config = loadConfig(shipped, {
      Processing__Tier3Enabled: 'false',
      LIMITS__MAXINPUTFEATURES: '5',
      PORT: '8080',
      UNRELATED__THING: 'x',
    });
    expect(config.processing.tier3Enabled).toBe(false);
    expect(config.limits.maxInputFeatures).toBe(5);
    expect(config.server.port).toBe(8080);
  });

  it('reports every fault at once, unknown keys among them', () => {
    const faults = faultsOf(() =>
      loadConfig(shipped, {
        PORT: '99999',
        HONUA_ROLE: 'boss',
        Limits__MaxInputSize: '1',
        Scheduling__Lease: 'soon',
      }),
    );
    expect(faults.join('\n')).toMatch(/server\.port/);
    expect(faults.join('\n')).toMatch(/role/);
    expect(faults.join('\n')).toMatch(/MaxInputSize/);
    expect(faults.join('\n')).toMatch(/scheduling\.lease.*soon/);
  });

  describe('with files of its own', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'config-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it('says which file cannot be read', () => {
      expect(faultsOf(() => loadConfig(folder, { HONUA_ENV: 'production' })).join('\n')).toMatch(
        /default\.yaml.*ENOENT[\s\S]*production\.yaml.*ENOENT/,
      );
    });

    it('says where YAML is broken', () => {
      writeFileSync(join(folder, 'default.yaml'), 'server: [');
      expect(faultsOf(() => loadConfig(folder, {})).join('\n')).toMatch(/default\.yaml/);
    });
  });
});
