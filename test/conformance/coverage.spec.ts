import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { REQUIREMENTS } from './requirements.js';

it('every requirement of the declared classes has one test', () => {
  const folder = import.meta.dirname;
  const tested = readdirSync(folder)
    .filter((name) => name.endsWith('.spec.ts'))
    .flatMap((name) => [
      ...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/^\s*requirement\('([^']+)'/gm),
    ])
    .map(([, id]) => id!);
  expect(tested.sort()).toEqual([...REQUIREMENTS].sort());
  console.log(`OGC API - Processes 1.0: ${tested.length} requirements, each with a test of its id`);
});
