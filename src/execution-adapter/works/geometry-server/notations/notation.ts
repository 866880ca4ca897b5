/** Longitude and latitude on WGS 84. */
export type LonLat = [lon: number, lat: number];

export interface NotationStyle {
  /** Digits after the point, or of each part of a grid reference. */
  digits?: number;
  /** Cut off where false. */
  rounding: boolean;
  spaces: boolean;
  /** UTM with N or S in place of the latitude band. */
  northSouth: boolean;
}

/** A way to write a position as text. Both throw NotationFault. */
export interface Notation {
  write(position: LonLat, style: NotationStyle): string;
  /** The position, or the south-western corner of the cell that the text names. */
  read(text: string): LonLat;
}

export class NotationFault extends Error {}

/** The alphabet of grids, without what looks like digits. */
export const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

export const shorten = (value: number, rounding: boolean): number =>
  rounding ? Math.round(value) : Math.floor(value);

/** An upper-case text without spaces, matched by a pattern. */
export function matched(text: string, pattern: RegExp, what: string): RegExpExecArray {
  const found = pattern.exec(text.replaceAll(/\s/g, '').toUpperCase());
  if (!found) throw new NotationFault(`is no ${what}`);
  return found;
}
