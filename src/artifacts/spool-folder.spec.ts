import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpoolFolder } from './spool-folder.js';

describe('copies that are read by path', () => {
  let folder: string;
  let reads = 0;
  const spools: SpoolFolder[] = [];
  const open = (maxBytes: number, holdMs = 60_000): SpoolFolder => {
    const spool = new SpoolFolder(folder, { maxBytes, holdMs });
    spools.push(spool);
    return spool;
  };
  const object = (version: string, bytes: number) => ({ version, size: bytes });
  const reader = (bytes: number) => async () => {
    reads++;
    return Readable.from([Buffer.alloc(bytes, 'x')]);
  };
  const age = (path: string, ms: number): void => utimesSync(path, new Date(), new Date(Date.now() - ms));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spool-'));
    reads = 0;
  });
  afterEach(() => {
    for (const spool of spools.splice(0)) spool.close();
    rmSync(folder, { recursive: true });
  });

  it('are taken in once, whoever asks, and by the next process not again', async () => {
    const spool = open(100);
    const paths = await Promise.all([1, 2, 3].map(() => spool.pathOf(object('a', 10), reader(10))));
    expect(new Set(paths).size).toBe(1);
    expect(readFileSync(paths[0]!).length).toBe(10);
    expect(await open(100).pathOf(object('a', 10), reader(10))).toBe(paths[0]);
    expect(reads).toBe(1);
  });

  it('never take more room than there is, and make room of those that nobody asked for of late', async () => {
    const spool = open(25);
    const first = await spool.pathOf(object('a', 10), reader(10));
    await spool.pathOf(object('b', 10), reader(10));
    await expect(spool.pathOf(object('c', 10), reader(10))).rejects.toMatchObject({ code: 'spool-full' });
    expect(reads).toBe(2);
    age(first, 61_000);
    await spool.pathOf(object('c', 10), reader(10));
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('stay for as long again when they are asked for again', async () => {
    const spool = open(100);
    const path = await spool.pathOf(object('a', 10), reader(10));
    age(path, 61_000);
    expect(await spool.pathOf(object('a', 10), reader(10))).toBe(path);
    await spool.sweep();
    expect(reads).toBe(1);
    expect(readFileSync(path).length).toBe(10);
  });

  it('are not left half, and a half one of a process that is gone goes too', async () => {
    const spool = open(100);
    const broken = async (): Promise<Readable> =>
      Readable.from(
        (async function* () {
          yield Buffer.from('half');
          throw new Error('connection lost');
        })(),
      );
    await expect(spool.pathOf(object('a', 10), broken)).rejects.toThrow('connection lost');
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'draft-of-somebody'), 'x');
    age(join(folder, 'draft-of-somebody'), 61_000);
    await spool.sweep();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('go by themselves when their time has come', async () => {
    const spool = open(100, 500);
    await spool.pathOf(object('a', 10), reader(10));
    await expect.poll(() => readdirSync(folder), { timeout: 5_000 }).toEqual([]);
  });
});
