import { type LonLat, type Notation, NotationFault, type NotationStyle, shorten } from './notation.js';

const MOST_DIGITS = 12;
const PART = String.raw`\d{1,3}(?:\.\d{1,16})?(?:[\s°'"′″:]+\d{1,2}(?:\.\d{1,16})?){0,2}[°'"′″]?`;
const PAIR = new RegExp(
  String.raw`^\s*([NS+-])?\s*(${PART})\s*([NS])?(?:\s*[,;]\s*|\s+|(?<=[NS]))([EW+-])?\s*(${PART})\s*([EW])?\s*$`,
  'i',
);

/** Latitude before longitude, each in so many sexagesimal parts, with N, S, E or W. */
export const angles = (parts: 1 | 2 | 3, usualDigits: number): Notation => ({
  write([lon, lat], style) {
    const one = (value: number, width: number, [plus, minus]: [string, string]): string =>
      `${angle(Math.abs(value), { parts, width, digits: style.digits ?? usualDigits, style })}${value < 0 ? minus : plus}`;
    return `${one(lat, 2, ['N', 'S'])}${style.spaces ? ' ' : ''}${one(lon, 3, ['E', 'W'])}`;
  },
  read(text) {
    const found = PAIR.exec(text);
    if (!found) throw new NotationFault('is no latitude and longitude');
    const [, before, first, after, beforeToo, second, afterToo] = found;
    const lat = degrees(first!, parts) * (/[S-]/i.test(`${before ?? ''}${after ?? ''}`) ? -1 : 1);
    const lon = degrees(second!, parts) * (/[W-]/i.test(`${beforeToo ?? ''}${afterToo ?? ''}`) ? -1 : 1);
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) throw new NotationFault('lies beyond the globe');
    return [lon, lat] satisfies LonLat;
  },
});

function angle(
  value: number,
  { parts, width, digits, style }: { parts: number; width: number; digits: number; style: NotationStyle },
): string {
  const places = Math.min(digits, MOST_DIGITS);
  // Counted in the smallest unit that is written, so that 59.999" never becomes 60".
  const scale = 10 ** places;
  let rest = shorten(value * 60 ** (parts - 1) * scale + (style.rounding ? 0 : 1e-6), style.rounding);
  const last = rest % (parts === 1 ? Infinity : 60 * scale);
  rest = (rest - last) / (60 * scale);
  const written = [
    (last / scale).toFixed(places).padStart((parts === 1 ? width : 2) + (places > 0 ? places + 1 : 0), '0'),
  ];
  for (let part = parts - 1; part > 0; part--) {
    const own = part === 1 ? rest : rest % 60;
    rest = (rest - own) / 60;
    written.unshift(String(own).padStart(part === 1 ? width : 2, '0'));
  }
  return written.join(' ');
}

function degrees(text: string, parts: number): number {
  const numbers = text
    .split(/[\s°'"′″:]+/)
    .filter((one) => one !== '')
    .map(Number);
  if (numbers.length > parts) throw new NotationFault(`has more than ${parts} parts in an angle`);
  if (numbers.slice(1).some((one) => one >= 60))
    throw new NotationFault('has sixty or more minutes or seconds');
  return numbers.reduce((sum, one, index) => sum + one / 60 ** index, 0);
}
