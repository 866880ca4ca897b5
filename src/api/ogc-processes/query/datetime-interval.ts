/** RFC 3339 §5.6; the fraction may be of any length, a zone is required. */
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

function instant(text: string): Date | undefined {
  const parts = DATE_TIME.exec(text);
  if (!parts) return undefined;
  const [, , month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return undefined;
  // Date knows no leap second: it is taken as the one before it.
  const whole = second === 60 ? text.replace(/:60/, ':59') : text;
  const date = new Date(whole.replace(' ', 'T').toUpperCase());
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export interface Interval {
  from?: Date;
  to?: Date;
}

/**
 * `datetime` of the standard: an instant, or two of them with `/` between, either end open as `..` or empty. Both ends
 * count as within. Undefined where it is none of these.
 */
export function parseInterval(text: string): Interval | undefined {
  const ends = text.split('/');
  if (ends.length === 1) {
    const at = instant(text);
    return at && { from: at, to: at };
  }
  if (ends.length !== 2) return undefined;
  const [from, to] = ends.map((end) => (end === '' || end === '..' ? null : instant(end)));
  if (from === undefined || to === undefined || (from === null && to === null)) return undefined;
  if (from && to && from > to) return undefined;
  return { ...(from && { from }), ...(to && { to }) };
}
