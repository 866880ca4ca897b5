import type { Writable } from 'node:stream';
import type { Failure } from '../failure.js';
import { printable } from './table.js';

/** A stream of the process, perhaps a terminal. */
export type Sink = Writable & { isTTY?: boolean; columns?: number; rows?: number };

export interface PrinterOptions {
  stdout: Sink;
  stderr: Sink;
  json: boolean;
  quiet: boolean;
}

/** What was asked for goes to standard output, all else to standard error, so that the first can be piped. */
export class Printer {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly json: boolean;
  readonly quiet: boolean;

  constructor({ stdout, stderr, json, quiet }: PrinterOptions) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.json = json;
    this.quiet = quiet;
  }

  /** Lines for people. */
  lines(lines: string[]): void {
    if (lines.length > 0) this.stdout.write(`${lines.join('\n')}\n`);
  }

  /** A value for programs: one line where it is one of many. */
  value(value: unknown, { oneOfMany = false } = {}): void {
    this.stdout.write(`${JSON.stringify(value, null, oneOfMany ? undefined : 2)}\n`);
  }

  /** What happens meanwhile; silenced by `--quiet`. */
  note(text: string): void {
    if (!this.quiet) this.stderr.write(`honua  ${printable(text)}\n`);
  }

  /** Why the command ends as it does. */
  failure({ message, details, problem, exitCode }: Failure): void {
    if (this.json) {
      const told = {
        error: { message, ...(details.length > 0 && { details }), ...(problem && { problem }) },
        exitCode,
      };
      this.stderr.write(`${JSON.stringify(told)}\n`);
      return;
    }
    this.stderr.write(`honua  ${printable(message)}\n`);
    for (const detail of details) this.stderr.write(`       ${printable(detail)}\n`);
  }
}
