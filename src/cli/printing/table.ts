const GAP = '  ';
const NARROWEST_LAST = 12;

/** Text of others, harmless in a terminal: no control sequences, no line breaks, no marks that turn the direction. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();

/** At most `width` characters, the last an ellipsis where something is missing. */
export function shortened(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/**
 * Rows as lines with aligned columns. With a `width` the last column gives way, then the lines are cut, so that none
 * breaks in a terminal of so many characters.
 */
export function drawTable(rows: string[][], width = Number.POSITIVE_INFINITY): string[] {
  const cells = rows.map((row) => row.map(printable));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...cells.map((row) => lengthOf(row[column] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + GAP.length, 0);
  const last = Math.max(NARROWEST_LAST, width - before);
  return cells.map((row) => {
    const line = row.map((cell, column) =>
      column === columns - 1 ? shortened(cell, last) : padded(cell, widths[column]!),
    );
    return shortened(line.join(GAP).trimEnd(), width);
  });
}

const lengthOf = (text: string): number => Array.from(text).length;

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - lengthOf(text)));
