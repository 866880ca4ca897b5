import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import { LocalArtifactStore } from '../../src/artifacts/local-artifact-store.js';
import { describeArtifactStore } from './artifact-store.contract.js';

let folder: string;
let store: LocalArtifactStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artifacts-'));
  store = new LocalArtifactStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('artifacts in a folder', () => {
  describeArtifactStore({
    store: () => store,
    leftovers: async () => readdirSync(join(folder, '.drafts')),
  });
});
