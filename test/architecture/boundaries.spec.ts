import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const rules = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: IForbiddenRuleType[];
  options: ICruiseOptions;
};

/** One file that breaks each rule: [its path, what it imports, the path of that, if it must be made]. */
const violations: Record<string, [string, string, string?]> = {
  'no-circular': ['src/shared/a.ts', './b.js', 'src/shared/b.ts'],
  'api-may-import': ['src/api/x/a.ts', '../../tiers/index.js', 'src/tiers/index.ts'],
  'execution-adapter-may-import': ['src/execution-adapter/a.ts', '../api/index.js', 'src/api/index.ts'],
  'control-plane-may-import': ['src/control-plane/a.ts', '../tiers/index.js', 'src/tiers/index.ts'],
  'tiers-may-import': ['src/tiers/x/a.ts', '../../control-plane/index.js', 'src/control-plane/index.ts'],
  'cli-may-import': ['src/cli/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'data-sources-may-import': ['src/data-sources/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'artifacts-may-import': ['src/artifacts/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'identity-may-import': ['src/identity/a.ts', '../control-plane/index.js', 'src/control-plane/index.ts'],
  'execution-may-import': ['src/execution/a.ts', '../control-plane/index.js', 'src/control-plane/index.ts'],
  'registry-may-import': ['src/registry/a.ts', '../execution/index.js', 'src/execution/index.ts'],
  'geometry-codecs-may-import': ['src/geometry-codecs/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'aws-batch-may-import': ['src/aws-batch/a.ts', '../tiers/index.js', 'src/tiers/index.ts'],
  'pages-may-import': ['src/pages/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'database-may-import': ['src/database/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'outbound-http-may-import': ['src/outbound-http/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'telemetry-may-import': ['src/telemetry/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'config-may-import': ['src/config/a.ts', '../registry/index.js', 'src/registry/index.ts'],
  'shared-may-import': ['src/shared/a.ts', '../config/index.js', 'src/config/index.ts'],
  'siblings-are-strangers': ['src/tiers/x/a.ts', '../y/index.js', 'src/tiers/y/index.ts'],
  'through-the-front-door': ['src/control-plane/a.ts', '../registry/catalog.js', 'src/registry/catalog.ts'],
  'shared-knows-no-framework': ['src/shared/a.ts', '@nestjs/common'],
  'source-knows-no-tests': ['src/registry/a.ts', '../../test/b.js', 'test/b.ts'],
  'home-of-geos-wasm': ['src/registry/a.ts', 'geos-wasm'],
  'home-of-piscina': ['src/control-plane/a.ts', 'piscina'],
  'home-of-typeorm': ['src/registry/a.ts', 'typeorm'],
  'home-of-pg': ['src/control-plane/a.ts', 'pg'],
  'home-of-pg-cursor': ['src/control-plane/a.ts', 'pg-cursor'],
  'home-of-ipaddr.js': ['src/registry/a.ts', 'ipaddr.js'],
  'home-of-@aws-sdk': ['src/registry/a.ts', '@aws-sdk/client-sqs'],
  'home-of-sqs-consumer': ['src/registry/a.ts', 'sqs-consumer'],
  'home-of-pg-boss': ['src/api/x/a.ts', 'pg-boss'],
  'home-of-@aws-sdk/client-batch': ['src/tiers/x/a.ts', '@aws-sdk/client-batch'],
  'home-of-@aws-sdk/client-cloudwatch-logs': ['src/tiers/x/a.ts', '@aws-sdk/client-cloudwatch-logs'],
};

async function brokenRules(folder: string, paths: string[]): Promise<string[]> {
  const options: ICruiseOptions = {
    ...rules.options,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: rules.forbidden },
  };
  const tsConfig = extractTSConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise(paths, options, undefined, { tsConfig });
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
}

describe('import rules', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('hold for the source', async () => {
    expect(await brokenRules(root, ['src'])).toEqual([]);
  });

  it('each have a planted violation here', () => {
    expect(Object.keys(violations).sort()).toEqual(rules.forbidden.map(({ name }) => name!).sort());
  });

  it.each(Object.entries(violations))('%s catches its violation', async (rule, [from, specifier, made]) => {
    const tree = join(folder, rule);
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    };
    write(from, `import * as other from '${specifier}';\nexport const a = other;\n`);
    if (made)
      write(
        made,
        rule === 'no-circular'
          ? "import { a } from './a.js';\nexport const b = a;\n"
          : 'export const b = 1;\n',
      );
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    expect(await brokenRules(tree, ['src'])).toContain(rule);
  });
});
