import { expect, it } from 'vitest';
import { linksOf } from './link-header.js';
import { readTargets } from './targets.js';

it('results go to standard output, to one file, or each output to its own', () => {
  expect(readTargets([])).toEqual({ named: new Map() });
  expect(readTargets(['out.geojson'])).toEqual({ whole: 'out.geojson', named: new Map() });
  expect(readTargets(['./a=b'])).toEqual({ whole: './a=b', named: new Map() });
  expect(readTargets(['result=a=b.json', 'n=c'])).toEqual({
    named: new Map([
      ['result', 'a=b.json'],
      ['n', 'c'],
    ]),
  });
});

it.each([[['a', 'b']], [['a', 'result=b']], [['result=a', 'result=b']]])('%j is too much', (outputs) => {
  expect(() => readTargets(outputs)).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
});

it('the links of a header are read, commas and quotes within them too', () => {
  const header =
    '<http://h/jobs/1>; rel="monitor"; type="application/json", <http://h/a,b>;rel=result;title="a \\", b", <http://h/x>';
  expect(linksOf(header)).toEqual([
    { href: 'http://h/jobs/1', rel: 'monitor', type: 'application/json' },
    { href: 'http://h/a,b', rel: 'result' },
  ]);
  expect(linksOf('')).toEqual([]);
});
