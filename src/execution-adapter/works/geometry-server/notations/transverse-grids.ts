import { type Crs, findCrs, positionConverter, WGS84 } from '../../../../geometry-codecs/worker.js';
import { LETTERS, type LonLat, matched, type Notation, NotationFault, shorten } from './notation.js';

const BANDS = 'CDEFGHJKLMNPQRSTUVWX';
const ROWS = LETTERS.slice(0, 20);
const SQUARE = 100_000;
const CYCLE = ROWS.length * SQUARE;
const FULL_DIGITS = 5;

interface GridPlace {
  zone: number;
  band: string;
  easting: number;
  northing: number;
}

/** Zone, band or hemisphere, easting and northing. */
export const utm: Notation = {
  write(position, { rounding, spaces, northSouth }) {
    const { zone, band, easting, northing } = place(position);
    const letter = northSouth ? (position[1] < 0 ? 'S' : 'N') : band;
    const numbers = [easting, northing].map((one) => String(shorten(one, rounding)));
    return [
      String(zone).padStart(2, '0') + letter,
      numbers[0]!.padStart(6, '0'),
      numbers[1]!.padStart(7, '0'),
    ].join(spaces ? ' ' : '');
  },
  read(text) {
    const [, zone, band, easting, northing] = matched(
      text,
      /^(\d{1,2})([C-HJ-NP-X])(\d{6}(?:\.\d{1,9})?)(\d{7}(?:\.\d{1,9})?)$/,
      'UTM position',
    );
    return onGlobe(zoneOf(zone!), band! < 'N', [Number(easting), Number(northing)]);
  },
};

/** Grid zone, square of 100 km, and so many digits of easting and northing within it. */
export const mgrs: Notation = {
  write(position, { digits, rounding, spaces }) {
    const places = Math.min(digits ?? FULL_DIGITS, FULL_DIGITS);
    const { zone, band, ...place_ } = place(position);
    const unit = 10 ** (FULL_DIGITS - places);
    const [east, north] = [place_.easting, place_.northing].map(
      (one) => shorten(one / unit, rounding) * unit,
    ) as [number, number];
    const column = LETTERS[((zone - 1) % 3) * 8 + Math.floor(east / SQUARE) - 1]!;
    const row = ROWS[(Math.floor(north / SQUARE) + rowShift(zone)) % ROWS.length]!;
    const within = [east, north].map((one) =>
      places === 0 ? '' : String(Math.round((one % SQUARE) / unit)).padStart(places, '0'),
    );
    return [String(zone).padStart(2, '0') + band, column + row, ...within]
      .filter(Boolean)
      .join(spaces ? ' ' : '');
  },
  read(text) {
    const found = matched(
      text,
      /^(\d{1,2})([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])(\d{0,10})$/,
      'grid reference',
    );
    const [, zoneText, band, column, row, digits] = found as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (digits.length % 2 !== 0) throw new NotationFault('has not as many digits of easting as of northing');
    const zone = zoneOf(zoneText);
    const index = LETTERS.indexOf(column) - ((zone - 1) % 3) * 8;
    if (index < 0 || index > 7) throw new NotationFault('has a square that is not in its zone');
    const half = digits.length / 2;
    const unit = 10 ** (FULL_DIGITS - half);
    const easting = (index + 1) * SQUARE + Number(digits.slice(0, half)) * unit;
    const inCycle = ((ROWS.indexOf(row) - rowShift(zone) + ROWS.length) % ROWS.length) * SQUARE;
    const lowest = lowestSquare(zone, band);
    const northing =
      inCycle + Math.ceil((lowest - inCycle) / CYCLE) * CYCLE + Number(digits.slice(half)) * unit;
    return onGlobe(zone, band < 'N', [easting, northing]);
  },
};

/** Rows of even zones begin five letters on. */
const rowShift = (zone: number): number => (zone % 2 === 0 ? 5 : 0);

/** The northing where the first square that a band reaches into begins. */
function lowestSquare(zone: number, band: string): number {
  const south = BANDS.indexOf(band) * 8 - 80;
  const middle = zone * 6 - 183;
  const convert = positionConverter(WGS84, system(zone, south < 0));
  const northings = [middle, middle + 3].map((lon) => convert([lon, south])[1]!);
  return Math.floor((Math.min(...northings) + 1) / SQUARE) * SQUARE;
}

function place([lon, lat]: LonLat): GridPlace {
  if (lat < -80 || lat > 84) throw new NotationFault('lies beyond 80° S or 84° N, where this grid ends');
  const band = BANDS[Math.min(BANDS.length - 1, Math.floor((lat + 80) / 8))]!;
  const zone = zoneAt([lon, lat], band);
  const [easting, northing] = positionConverter(WGS84, system(zone, lat < 0))([lon, lat]) as [number, number];
  return { zone, band, easting, northing };
}

/** With the exceptions for Norway and Svalbard. */
function zoneAt([lon]: LonLat, band: string): number {
  const usual = (Math.floor((lon + 180) / 6) % 60) + 1;
  if (band === 'V' && lon >= 3 && lon < 12) return 32;
  if (band !== 'X' || lon < 0 || lon >= 42) return usual;
  return lon < 9 ? 31 : lon < 21 ? 33 : lon < 33 ? 35 : 37;
}

function zoneOf(text: string): number {
  const zone = Number(text);
  if (zone < 1 || zone > 60) throw new NotationFault('has a zone that is not from 1 to 60');
  return zone;
}

const system = (zone: number, south: boolean): Crs =>
  findCrs(`EPSG:${(south ? 32700 : 32600) + zone}`) as Crs;

function onGlobe(zone: number, south: boolean, position: [number, number]): LonLat {
  const [lon, lat] = positionConverter(system(zone, south), WGS84)(position) as LonLat;
  return [lon, lat];
}
