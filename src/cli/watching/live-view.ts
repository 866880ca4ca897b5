import type { Sink } from '../printing/printer.js';
import { progressBar } from '../printing/progress-bar.js';
import { drawTable, printable, shortened } from '../printing/table.js';
import { isOver } from '../server/documents.js';
import { type Change, countsAsText, nameOf } from './change.js';

const REDRAW_MS = 100;
const BAR_WIDTH = 20;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_BELOW = '\x1b[0J';

/** A table that is drawn over itself: a row for each job, and below an array run rows for its children at work or failed. */
export class LiveView {
  private readonly jobs = new Map<string, Change>();
  private notice?: string;
  private drawn = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly sink: Sink) {
    sink.write(HIDE_CURSOR);
  }

  show(change: Change): void {
    this.jobs.set(change.jobID, change);
    this.timer ??= setTimeout(() => this.draw(), REDRAW_MS);
  }

  /** Below the table until something else is said: a line beside it would be drawn over. */
  tell(text: string): void {
    this.notice = text;
    this.timer ??= setTimeout(() => this.draw(), REDRAW_MS);
  }

  end(): void {
    this.draw();
    this.sink.write(SHOW_CURSOR);
  }

  private draw(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // One column and one row stay free: a terminal breaks or scrolls when its last one is written to.
    const width = (this.sink.columns || DEFAULT_COLUMNS) - 1;
    const most = (this.sink.rows || DEFAULT_ROWS) - (this.notice === undefined ? 2 : 3);
    const lines = drawTable(rowsOf([...this.jobs.values()], most), width);
    if (this.notice !== undefined) lines.push(shortened(printable(this.notice), width));
    const up = this.drawn > 0 ? `\x1b[${this.drawn}A` : '';
    this.sink.write(`${up}\r${CLEAR_BELOW}${lines.map((line) => `${line}\n`).join('')}`);
    this.drawn = lines.length;
  }
}

/** At most `most` rows: those at work stand before those that ended, jobs before children. */
export function rowsOf(changes: Change[], most: number): string[][] {
  const jobs = changes.filter(({ parent }) => parent === undefined);
  const children = Map.groupBy(
    changes.filter(
      ({ parent, status }) => parent !== undefined && (status === 'running' || status === 'failed'),
    ),
    ({ parent }) => parent,
  );
  const ordered = [...jobs].sort((one, other) => Number(isOver(one.status)) - Number(isOver(other.status)));
  let left = Math.max(0, most - jobs.length);
  const rows = ordered.flatMap((job) => {
    const shown = (children.get(job.jobID) ?? []).sort(runningFirst).slice(0, left);
    left -= shown.length;
    return [rowOf(job, ''), ...shown.map((child) => rowOf(child, '  '))];
  });
  if (rows.length <= most) return rows;
  return [...rows.slice(0, most - 1), [`… ${rows.length - most + 1} more`]];
}

const runningFirst = (one: Change, other: Change): number =>
  Number(one.status !== 'running') - Number(other.status !== 'running') ||
  (one.index ?? 0) - (other.index ?? 0);

function rowOf(change: Change, indent: string): string[] {
  const { processID = '', status, progress, message = '', array, parent } = change;
  const percent = `${Math.floor(progress)}%`.padStart(4);
  const told = array ? countsAsText(array) : message;
  const process = parent === undefined ? processID : '';
  // Indented by a space that no trimming takes away.
  const name = indent.replaceAll(' ', '\u00a0') + nameOf(change);
  return [name, process, status, `${progressBar(progress, BAR_WIDTH)} ${percent}`, told];
}
