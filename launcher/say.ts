/** One line per step: what is being done, and how it went. */
export function say(line: string): void {
  process.stdout.write(`honua  ${line}\n`);
}

/** Says `line`, then a dot every two seconds until the work is done, so that waiting is seen to be waiting. */
export async function step<T>(line: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  say(`${line} ...`);
  const ticking = setInterval(() => say(`${line} ... still at it (${seconds(began)} s)`), 5_000);
  try {
    const result = await work();
    say(`${line}: done in ${seconds(began)} s`);
    return result;
  } finally {
    clearInterval(ticking);
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

/** A failure an operator can act on: printed as one line, without a stack. */
export class Hint extends Error {}
