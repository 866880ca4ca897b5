/** What the command ends with, for scripts; docs/how-to/use-the-command-line.md has the table. */
export const EXIT = {
  ok: 0,
  /** A run failed, or the server could not do what it should. */
  failed: 1,
  /** The command, a file or an input is not valid, or names what is not there. */
  usage: 2,
  /** Not let in, not allowed, or no more of it now: 401, 402, 403, 429. */
  refused: 3,
  /** Nobody answered. */
  unreachable: 4,
  cancelled: 5,
  /** Ctrl-C, as shells have it: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const REFUSED = new Set([401, 402, 403, 429]);
/** Answers of a server that is not there for now, or of a proxy in front of one. */
const AWAY = new Set([502, 503, 504]);
const OF_A_CANCELLED_RUN = new Set(['run-dismissed', 'run-cancelled']);

/** By what a problem document says; the `code` is the server's own and may be missing. */
export function exitCodeOf(status: number, code = ''): ExitCode {
  if (code.startsWith('run-failed')) return EXIT.failed;
  if (OF_A_CANCELLED_RUN.has(code)) return EXIT.cancelled;
  if (REFUSED.has(status)) return EXIT.refused;
  if (AWAY.has(status)) return EXIT.unreachable;
  return status < 500 ? EXIT.usage : EXIT.failed;
}

/** Of several jobs the worst end counts: a failure before a cancel. */
export function exitCodeOfStatuses(statuses: string[]): ExitCode {
  if (statuses.includes('failed')) return EXIT.failed;
  return statuses.includes('dismissed') ? EXIT.cancelled : EXIT.ok;
}
