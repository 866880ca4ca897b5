import { isOver } from '../server/documents.js';
import type { Sink } from '../printing/printer.js';
import { printable } from '../printing/table.js';
import { type Change, isSame } from './change.js';
import { LiveView } from './live-view.js';

/** Where the changes of watched jobs are shown. */
export interface View {
  show(change: Change): void;
  /** Nothing more is coming: what was drawn stays. */
  end(): void;
}

/** A live table in a terminal; lines where it is piped; NDJSON for programs; nothing where quiet was asked for. */
export function viewOn(sink: Sink, { json, quiet }: { json: boolean; quiet: boolean }): View {
  if (json) return onChange((change) => sink.write(`${JSON.stringify(change)}\n`));
  if (quiet) return onChange(() => {});
  return sink.isTTY ? new LiveView(sink) : onChange((change) => sink.write(`${lineOf(change)}\n`));
}

/** `JOB  running  40%  message` */
export function lineOf(change: Change): string {
  const { status, progress, message = '', jobID } = change;
  const percent = isOver(status) && status !== 'successful' ? '' : `${Math.floor(progress)}%`;
  return [jobID, status, percent, message].map(printable).filter(Boolean).join('  ');
}

/** Passes on what differs from what was last shown of a job. */
function onChange(pass: (change: Change) => unknown): View {
  const shown = new Map<string, Change>();
  return {
    show: (change) => {
      if (isSame(shown.get(change.jobID), change)) return;
      shown.set(change.jobID, change);
      pass(change);
    },
    end: () => {},
  };
}
