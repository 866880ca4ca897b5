/** JSON for people: indented, with lists of numbers on one line. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/\[\s+-?[\d.eE+-]+(?:,\s+-?[\d.eE+-]+)*\s+\]/g, (list) =>
    list.replaceAll(/\s+/g, ' '),
  );

/** A text as one word of a POSIX shell. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
