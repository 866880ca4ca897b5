const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** A date, or a date and time (RFC 3339), in UTC where it names no offset; undefined for what is neither. */
export function parseMoment(text: string): Date | undefined {
  const [, year, month, day, offset] = MOMENT.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const start = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // The 30th of February is no day of March.
  if (start.getUTCMonth() + 1 !== Number(month) || start.getUTCDate() !== Number(day)) return undefined;
  const hasTime = /t/i.test(text);
  const at = new Date(`${text.trim().toUpperCase()}${hasTime && offset === undefined ? 'Z' : ''}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
