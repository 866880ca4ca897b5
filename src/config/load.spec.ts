import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
