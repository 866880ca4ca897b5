import type { Sink } from '../printing/printer.js';
import { progressBar } from '../printing/progress-bar.js';
import { drawTable, printable, shortened } from '../printing/table.js';
import { isOver } from '../server/documents.js';
import type { Change } from './change.js';

const REDRAW_MS = 100;
const BAR_WIDTH = 20;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_BELOW = '\x1b[0J';

/** A table that is drawn over itself: a row for each job. */
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

/** At most `most` rows: those at work stand before those that ended. */
export function rowsOf(changes: Change[], most: number): string[][] {
  const ordered = [...changes].sort(
    (one, other) => Number(isOver(one.status)) - Number(isOver(other.status)),
  );
  const rows = ordered.map(rowOf);
  if (rows.length <= most) return rows;
  return [...rows.slice(0, most - 1), [`… ${rows.length - most + 1} more`]];
}

function rowOf({ jobID, processID = '', status, progress, message = '' }: Change): string[] {
  const percent = `${Math.floor(progress)}%`.padStart(4);
  return [jobID, processID, status, `${progressBar(progress, BAR_WIDTH)} ${percent}`, message];
}
