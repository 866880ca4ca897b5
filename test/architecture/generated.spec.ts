/**
 * What can be derived is generated: each file here is compared with what the code says now. After a change,
 * `npm run generate` writes them anew.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configSchema } from '../../src/config/index.js';
import { loadCatalog } from '../../src/registry/load-catalog.js';
import { processDefinitionSchema } from '../../src/registry/process-definition.js';
import { describeConformance } from './describe-conformance.js';
import { describeSettings } from './describe-settings.js';
import { lifecycleDiagram } from './lifecycle-diagram.js';
import mayImport from './may-import.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '../..');
const file = (path: string): string => join(root, path);
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

it('the schema of process files is published', async () => {
  const schema = z.toJSONSchema(processDefinitionSchema, { io: 'input' });
  await expect(json({ title: 'Honua process definition', ...schema })).toMatchFileSnapshot(
    file('processes/process.schema.json'),
  );
});

it('the schema of the configuration is published', async () => {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  await expect(json({ title: 'Honua configuration', ...schema })).toMatchFileSnapshot(
    file('docs/reference/config.schema.json'),
  );
});

it('every setting is listed with its default', async () => {
  const defaults = parse(readFileSync(file('config/default.yaml'), 'utf8')) as Record<string, unknown>;
  await expect(describeSettings(configSchema, defaults)).toMatchFileSnapshot(
    file('docs/reference/configuration.md'),
  );
});

it('every process is listed', async () => {
  const { entries } = loadCatalog(file('processes'));
  const rows = entries
    .map(
      ({ definition: d }) =>
        `| \`${d.id}\` | ${d.version} | ${d.title}${d.enabled ? '' : ' (not enabled)'} | ${d.preferredTiers.join(', ')} | ${d.resourceClass} |`,
    )
    .sort();
  const text = `# Processes\n\nGenerated from \`processes/*.yaml\`.\n\n| id | version | title | tiers | resource class |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  await expect(text).toMatchFileSnapshot(file('docs/reference/processes.md'));
});

it('the pictures in architecture.md are those of the code', async () => {
  const page = readFileSync(file('docs/architecture.md'), 'utf8');
  const fresh = replaceSection(
    replaceSection(page, 'modules', moduleDiagram()),
    'lifecycle',
    lifecycleDiagram(),
  );
  await expect(fresh).toMatchFileSnapshot(file('docs/architecture.md'));
});

it('each requirement of the standard is listed with its test', async () => {
  await expect(`${describeConformance()}\n`).toMatchFileSnapshot(file('docs/reference/conformance.md'));
});

/** The import table of the boundary checker, as a graph; what everybody may use is left out. */
function moduleDiagram(): string {
  const arrows = Object.entries(mayImport).flatMap(([from, to]) =>
    to.map((target) => `  ${from} --> ${target}`),
  );
  return ['graph LR', ...arrows].join('\n');
}

function replaceSection(page: string, name: string, diagram: string): string {
  const pattern = new RegExp(`(<!-- generated: ${name} -->)[\\s\\S]*?(<!-- end -->)`);
  if (!pattern.test(page)) throw new Error(`architecture.md has no section ${name}`);
  return page.replace(pattern, `$1\n\n\`\`\`mermaid\n${diagram}\n\`\`\`\n\n$2`);
}
