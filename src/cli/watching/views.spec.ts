import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Printer, type Sink } from '../printing/printer.js';
import type { Change } from './change.js';
import { rowsOf } from './live-view.js';
import { lineOf, type View, viewOn as viewOf } from './views.js';

const job = (jobID: string, more: Partial<Change> = {}): Change => ({
  jobID,
  status: 'running',
  progress: 40,
  ...more,
});
const child = (index: number, more: Partial<Change> = {}): Change =>
  job(`c${index}`, { parent: 'p', index, label: `r${index}`, ...more });

function sink(more: Partial<Sink> = {}): { stream: Sink; text(): string } {
  const stream: Sink = Object.assign(new PassThrough(), more);
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, text: () => text };
}

const viewOn = (stream: Sink, how: { json: boolean; quiet: boolean }): View =>
  viewOf(stream, new Printer({ stdout: stream, stderr: stream, ...how }));

const counts = { size: 5, queued: 0, running: 2, succeeded: 2, failed: 1, cancelled: 0 };

it.each<[Change, string]>([
  [job('j', { message: 'Halfway' }), 'j  running  40%  Halfway'],
  [job('j', { status: 'failed', message: 'No\x1b[2J' }), 'j  failed  No [2J'],
  [job('j', { status: 'successful', progress: 100 }), 'j  successful  100%'],
  [child(3), 'p/r3  running  40%'],
  [child(3, { label: undefined }), 'p/#3  running  40%'],
  [job('p', { array: counts }), 'p  running  40%  2 running, 2 succeeded, 1 failed of 5'],
])('a change is a line', (change, line) => expect(lineOf(change)).toBe(line));

it('piped, there is one line for each change, and none for what stays', async () => {
  const { stream, text } = sink();
  const view = viewOn(stream, { json: false, quiet: false });
  for (const progress of [10, 10, 20]) view.show(job('j', { progress }));
  view.show(job('k', { progress: 20 }));
  view.end();
  await sleep(0);
  expect(text()).toBe('j  running  10%\nj  running  20%\nk  running  20%\n');
});

it('for programs each change is a line of JSON', async () => {
  const { stream, text } = sink({ isTTY: true });
  viewOn(stream, { json: true, quiet: false }).show(job('j'));
  await sleep(0);
  expect(JSON.parse(text())).toEqual(job('j'));
});

it('quiet, nothing is shown', async () => {
  const { stream, text } = sink({ isTTY: true });
  const view = viewOn(stream, { json: false, quiet: true });
  view.show(job('j'));
  view.end();
  await sleep(0);
  expect(text()).toBe('');
});

it('in a terminal a table is drawn over itself, within its width, and the cursor comes back', async () => {
  const { stream, text } = sink({ isTTY: true, columns: 60, rows: 10 });
  const view = viewOn(stream, { json: false, quiet: false });
  view.show(job('j', { processID: 'echo', message: 'Pausing '.repeat(20) }));
  view.show(job('k', { processID: 'echo', status: 'accepted', progress: 0 }));
  await sleep(150);
  view.show(job('j', { processID: 'echo', status: 'successful', progress: 100 }));
  view.end();
  await sleep(0);
  const frames = text().split('\x1b[0J');
  expect(frames).toHaveLength(3);
  // Two lines were drawn: the next frame begins two lines up.
  expect(frames[1]).toContain('\x1b[2A');
  expect(frames[1]).toMatch(/j {2}echo {2}running {3}█+/);
  expect(frames[2]).toContain('100%');
  for (const line of frames[1]!.split('\n')) expect(Array.from(line).length).toBeLessThan(60);
  expect(text().startsWith('\x1b[?25l')).toBe(true);
  expect(text().endsWith('\x1b[?25h')).toBe(true);
});

it('in a terminal what happens to the connection stands below the table', async () => {
  const { stream, text } = sink({ isTTY: true, columns: 40, rows: 10 });
  const view = viewOn(stream, { json: false, quiet: false });
  view.show(job('j'));
  view.tell('The server cannot be reached. Trying again …');
  view.end();
  await sleep(0);
  expect(text()).toMatch(/j {4}running[^\n]*\nThe server cannot be reached\. Trying a…\n/);
});

const names = (changes: Change[], most: number): string[] =>
  rowsOf(changes, most).map(([name]) => name!.replaceAll('\u00a0', ' '));

it('children at work stand below their parent before those that failed; the others are counted only', () => {
  const changes = [
    job('p', { array: counts }),
    child(0, { status: 'successful' }),
    child(1, { status: 'failed' }),
    child(2),
    child(3, { status: 'accepted' }),
    child(4),
  ];
  expect(names(changes, 10)).toEqual(['p', '  r2', '  r4', '  r1']);
  expect(names(changes, 3)).toEqual(['p', '  r2', '  r4']);
});

it('jobs beyond the height of the terminal are counted; those at work come first', () => {
  const changes = [job('a', { status: 'failed' }), job('b'), job('c'), job('d')];
  expect(names(changes, 4)).toEqual(['b', 'c', 'd', 'a']);
  expect(names(changes, 3)).toEqual(['b', 'c', '… 2 more']);
});
