import { LETTERS, matched, type Notation, shorten } from './notation.js';

const USUAL_MINUTE_DIGITS = 5;
const MOST_MINUTE_DIGITS = 10;

/** Half degrees, quarters of these, ninths of those. */
export const gars: Notation = {
  write([lon, lat]) {
    const [x, y] = [Math.min(lon + 180, 360 - 1e-9), Math.min(lat + 90, 180 - 1e-9)];
    const [column, row] = [Math.floor(x * 2), Math.floor(y * 2)];
    // In cells of five minutes, six of which are half a degree.
    const [east, north] = [Math.floor(x * 12) % 6, Math.floor(y * 12) % 6];
    const quarter = (north < 3 ? 3 : 1) + (east < 3 ? 0 : 1);
    const ninth = (2 - (north % 3)) * 3 + (east % 3) + 1;
    const letters = LETTERS[Math.floor(row / 24)]! + LETTERS[row % 24]!;
    return `${String(column + 1).padStart(3, '0')}${letters}${quarter}${ninth}`;
  },
  read(text) {
    const [, column, high, low, quarter = '3', ninth = '7'] = matched(
      text,
      /^(0\d\d|[1-6]\d\d|7[01]\d|720)([A-HJ-NP-Q])([A-HJ-NP-Z])([1-4])?([1-9])?$/,
      'GARS cell',
    );
    const row = LETTERS.indexOf(high!) * 24 + LETTERS.indexOf(low!);
    const east = (Number(quarter) % 2 === 0 ? 3 : 0) + ((Number(ninth) - 1) % 3);
    const north = (Number(quarter) > 2 ? 0 : 3) + (2 - Math.floor((Number(ninth) - 1) / 3));
    return [(Number(column) - 1) / 2 + east / 12 - 180, row / 2 + north / 12 - 90];
  },
};

/** Fifteen degrees, one degree, and so many digits of minutes. */
export const georef: Notation = {
  write([lon, lat], { digits, rounding }) {
    const places = Math.max(2, Math.min(digits ?? USUAL_MINUTE_DIGITS, MOST_MINUTE_DIGITS));
    const scale = 60 * 10 ** (places - 2);
    const [x, y] = [
      Math.min(shorten((lon + 180) * scale, rounding), 360 * scale - 1),
      Math.min(shorten((lat + 90) * scale, rounding), 180 * scale - 1),
    ];
    const [east, north] = [Math.floor(x / scale), Math.floor(y / scale)];
    const letters = [Math.floor(east / 15), Math.floor(north / 15), east % 15, north % 15].map(
      (one) => LETTERS[one]!,
    );
    const minutes = [x % scale, y % scale].map((one) => String(one).padStart(places, '0'));
    return letters.join('') + minutes.join('');
  },
  read(text) {
    const found = matched(
      text,
      /^([A-HJ-NP-Z])([A-HJ-M])([A-HJ-NP-Q])([A-HJ-NP-Q])((?:\d\d){0,10})$/,
      'GeoRef position',
    );
    const [x15, y15, x1, y1] = found.slice(1, 5).map((one) => LETTERS.indexOf(one)) as [
      number,
      number,
      number,
      number,
    ];
    const digits = found[5]!;
    const half = digits.length / 2;
    const [east, north] = [digits.slice(0, half), digits.slice(half)].map(
      (one) => Number(one) / (60 * 10 ** (half - 2)),
    );
    return [x15 * 15 + x1 + (half && east!) - 180, y15 * 15 + y1 + (half && north!) - 90];
  },
};
