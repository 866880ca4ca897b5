/** The reference on security names tests; each of them is there. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(root, 'docs/reference/security.md'), 'utf8');
const items = page.split(/^## /m).filter((part) => /^API\d+ /.test(part));

it('all ten items are there', () => {
  expect(items.map((item) => /^API(\d+)/.exec(item)![1])).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
  ]);
});

it.each(items.map((item) => [item.split('\n')[0]!, item] as const))('%s has its tests', (_, item) => {
  const lines = item.split('\n').filter((line) => line.startsWith('* '));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    const [, path, title] = /^\* `([\w./-]+\.spec\.tsx?)`: (.+)$/.exec(line) ?? [];
    expect(path, line).toBeDefined();
    expect(existsSync(resolve(root, path!)), path).toBe(true);
    const text = readFileSync(resolve(root, path!), 'utf8');
    const found = title!.startsWith('it.each(')
      ? text.includes(title!)
      : [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => text.includes(quoted));
    expect(found, `${path} has no test called: ${title}`).toBe(true);
  }
});
