import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { STACK_NAME } from '../lib/geoprocessing-app.ts';
import { synthesized, type Template } from './synthesized.ts';

const root = resolve(import.meta.dirname, '..');
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'honua-cdk-'));
});
afterAll(() => rmSync(out, { recursive: true }));

it('is made by the command with no credentials, no home and no environment', async () => {
  // `env -i`: of the path no more than where this Node is.
  const env = { PATH: dirname(process.execPath) };
  const command = [join(root, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--quiet', '--output', out];
  await promisify(execFile)(process.execPath, command, { cwd: root, env, timeout: 90_000 });
  const text = readFileSync(join(out, `${STACK_NAME}.template.json`), 'utf8');
  // 1 MB and 500 resources are what CloudFormation takes.
  expect(text.length).toBeLessThan(500_000);
  const template = JSON.parse(text) as Template;
  expect(Object.keys(template.Resources).length).toBeLessThan(250);
  expect(Object.keys(template.Outputs).length).toBeLessThan(100);
  expect(Object.keys(template.Resources)).toEqual(Object.keys(synthesized().Resources));
}, 100_000);

it('names no account and no region', () => {
  const text = JSON.stringify(synthesized());
  expect(text).not.toMatch(/\b\d{12}\b/);
  expect(text).not.toMatch(/(us|eu|ap)-[a-z]+-\d/);
});
