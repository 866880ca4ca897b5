import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HonuaConfig } from '../config/index.js';
import { Catalog } from './catalog.js';

let folder: string;
let catalog: Catalog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  catalog = new Catalog({ processing: { processesFolder: folder } } as HonuaConfig);
});
afterEach(() => {
  catalog.onModuleDestroy();
  rmSync(folder, { recursive: true });
});

const write = (file: string, version: string, extra = ''): void =>
  writeFileSync(
    join(folder, file),
    `id: grow
title: Grow
description: Grows.
version: ${version}
preferredTiers: [in-process]
inputs: {}
outputs: {}
handlers: { in-process: { operation: grow } }
examples: [{ title: None, inputs: {} }]
${extra}`,
  );

it('resolves an id to the newest version and a pinned id to the newest of its major version', () => {
  write('a.yaml', '1.9.0');
  write('b.yaml', '1.10.0');
  write('c.yaml', '2.0.0');
  catalog.onModuleInit();
  expect(catalog.get('grow').definition.version).toBe('2.0.0');
  expect(catalog.get('grow-v1').definition.version).toBe('1.10.0');
  expect(catalog.list()).toHaveLength(1);
  expect(() => catalog.get('grow-v3')).toThrow(expect.objectContaining({ code: 'process-not-found' }));
});

it('keeps the good files when one is bad, and says which', () => {
  write('good.yaml', '1.0.0');
  write('bad.yaml', '1.1.0', 'colour: red\n');
  catalog.onModuleInit();
  expect(catalog.get('grow').definition.version).toBe('1.0.0');
  expect(catalog.faults).toEqual([expect.objectContaining({ file: 'bad.yaml' })]);
});

it('takes in a changed file without a restart', async () => {
  write('a.yaml', '1.0.0');
  catalog.onModuleInit();
  write('a.yaml', '1.2.0');
  await vi.waitFor(() => expect(catalog.get('grow').definition.version).toBe('1.2.0'), { timeout: 5_000 });
});
