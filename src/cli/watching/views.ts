import { isOver } from '../server/documents.js';
import type { Printer, Sink } from '../printing/printer.js';
import { printable } from '../printing/table.js';
import { type Change, countsAsText, nameOf } from './change.js';
import { LiveView } from './live-view.js';

/** Where the changes of watched jobs are shown. */
export interface View {
  show(change: Change): void;
  /** What happens to the connection meanwhile. */
  tell(text: string): void;
  /** Nothing more is coming: what was drawn stays. */
  end(): void;
}

/** A live table in a terminal; lines where it is piped; NDJSON for programs; nothing where quiet was asked for. */
export function viewOn(sink: Sink, printer: Printer): View {
  const tell = (text: string): void => printer.note(text);
  if (printer.json) return { ...inLines(sink, JSON.stringify), tell };
  if (printer.quiet) return { show: () => {}, end: () => {}, tell };
  if (sink.isTTY) return new LiveView(sink);
  return { ...inLines(sink, lineOf), tell };
}

/** `JOB  running  40%  message`; a child is `JOB of its parent/its label`. */
export function lineOf(change: Change): string {
  const { parent, status, progress, message, array, jobID } = change;
  const name = parent === undefined ? jobID : `${parent}/${nameOf(change)}`;
  const told = array ? countsAsText(array) : (message ?? '');
  const percent = isOver(status) && status !== 'successful' ? '' : `${Math.floor(progress)}%`;
  return [name, status, percent, told].map(printable).filter(Boolean).join('  ');
}

/** A line for each change that it tells. */
function inLines(sink: Sink, lineFor: (change: Change) => string): Pick<View, 'show' | 'end'> {
  const shown = new Map<string, string>();
  return {
    show: (change) => {
      const line = lineFor(change);
      if (shown.get(change.jobID) === line) return;
      shown.set(change.jobID, line);
      sink.write(`${line}\n`);
    },
    end: () => {},
  };
}
