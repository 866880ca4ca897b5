import { expect, it } from 'vitest';
import { isUuidV7, smallestUuidV7, timeOfUuidV7, uuidV7 } from './uuid-v7.js';

const lastMillisecond = new Date('2026-11-30T23:59:59.999Z');
const nextMonth = new Date('2026-12-01T00:00:00.000Z');

it('carries its instant to the millisecond and sorts by it', () => {
  const id = uuidV7(lastMillisecond);
  expect(isUuidV7(id)).toBe(true);
  expect(timeOfUuidV7(id)).toEqual(lastMillisecond);
  expect(id < smallestUuidV7(nextMonth)).toBe(true);
  expect(uuidV7(nextMonth) >= smallestUuidV7(nextMonth)).toBe(true);
});

it('is unguessable within a millisecond', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => uuidV7(nextMonth)));
  expect(ids.size).toBe(1000);
});

it.each(['', 'x', '018f0000-0000-4000-8000-000000000000', "018f0000-0000-7000-8000-00000000000'"])(
  'does not take %j for an id',
  (text) => expect(isUuidV7(text)).toBe(false),
);
