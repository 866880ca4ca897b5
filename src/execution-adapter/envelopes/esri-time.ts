import { EsriFault } from '../../geometry-codecs/worker.js';
import { parseMoment } from '../../registry/worker.js';
import { isObject } from './json-object.js';

const DAY = 86_400;
/** Seconds in Esri's units of time. A month and a year are what the Gregorian calendar has on average. */
const SECONDS: Record<string, number> = {
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: DAY,
  weeks: 7 * DAY,
  months: 30.436875 * DAY,
  years: 365.2425 * DAY,
  decades: 3_652.425 * DAY,
  centuries: 36_524.25 * DAY,
};

function secondsIn(unit: unknown): number {
  const word = typeof unit === 'string' ? unit.toLowerCase().replace(/^esri(?:timeunits)?/, '') : '';
  const found = [word, `${word}s`].find((one) => Object.hasOwn(SECONDS, one));
  if (found !== undefined) return SECONDS[found]!;
  throw new EsriFault('has units that are no unit of time, such as esriTimeUnitsHours');
}

/** `{"time","units"}`, "3 Hours" or seconds, as seconds; what is none of these is left to the engine's own check. */
export function readDuration(value: unknown): unknown {
  if (isObject(value) && 'time' in value) {
    const time = typeof value.time === 'string' && value.time.trim() !== '' ? Number(value.time) : value.time;
    if (typeof time !== 'number' || !Number.isFinite(time))
      throw new EsriFault('has a time that is no number');
    return time * secondsIn(value.units ?? 'esriTimeUnitsSeconds');
  }
  if (typeof value !== 'string') return value;
  const [, number, unit] = /^\s*([\d.]{1,20})\s*([A-Za-z]{2,30})?\s*$/.exec(value) ?? [];
  if (number === undefined) return value;
  return unit === undefined ? Number(number) : Number(number) * secondsIn(unit);
}

/** Milliseconds since 1970, or text, alone or as `{"date"}`, as the text that the engine takes. */
export function readDate(value: unknown): unknown {
  const date = isObject(value) && 'date' in value ? value.date : value;
  const ms = typeof date === 'string' && /^\s*-?\d{5,16}\s*$/.test(date) ? Number(date) : date;
  if (typeof ms !== 'number') return typeof date === 'string' ? withSpaceAsT(date) : date;
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) throw new EsriFault('is no moment that a date can be');
  return at.toISOString();
}

/** `2026-11-27 09:30:00`, as the older form has it. */
const withSpaceAsT = (text: string): string => text.trim().replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T');

/** Milliseconds since 1970 (GPDate); null where it is no date. */
export const esriDate = (value: unknown): number | null =>
  (typeof value === 'string' ? parseMoment(value)?.getTime() : undefined) ?? null;

/** GPTimeUnit. */
export const esriDuration = (seconds: number): object => ({ time: seconds, units: 'esriTimeUnitsSeconds' });
