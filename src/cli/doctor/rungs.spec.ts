import { expect, it } from 'vitest';
import { BASELINE, type Check, faultOf, RUNGS } from './rungs.js';

const rung = (name: string): (typeof RUNGS)[number] => RUNGS.find((one) => one.name === name)!;
const checks = (count: number, more: (at: number) => object = () => ({})): Check[] =>
  Array.from({ length: count }, (_, at) => ({
    report: { rung: 'region', try: 1, size: 0, sha256: '', ...BASELINE, ...more(at) },
  }));
const lost = (count: number) => (at: number) => ({ try: at < count ? 2 : 1 });

it.each([
  ['one region', checks(1), undefined],
  ['one region', checks(1, () => ({ mean: 0.6427763 })), undefined],
  ['one region', checks(1, () => ({ mean: 0.65 })), 'the baseline'],
  ['one region', checks(1, () => ({ mean: undefined })), 'the baseline'],
  ['hello', [{}], 'no report'],
  ['three regions', checks(3), undefined],
  ['three regions', checks(2), '2 of 3 runs succeeded.'],
  ['twenty-five regions', checks(25), undefined],
  ['twenty-five regions', checks(24), undefined],
  ['twenty-five regions', checks(23), 'fewer than 95 %'],
  ['twenty-five regions', checks(22), 'no-go'],
  ['twenty-five regions', checks(25, lost(1)), undefined],
  ['twenty-five regions', checks(25, lost(2)), '2 of 25 jobs lost their machine.'],
])('%s, with %#', (name, given, fault) => {
  const found = faultOf(rung(name), given);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(fault);
});
