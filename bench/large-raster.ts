/**
 * What a raster of 500 MB does to the server's memory: sent ahead as an upload, computed with by the worker, fetched
 * again; beside what the same expression takes in Python alone. `npm run bench:large-raster`
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { installWorker } from '../launcher/install-worker.ts';
import { print, submit, untilFinished, withRig } from './rig.ts';

const run = promisify(execFile);
const MIB = 1024 ** 2;
const SIDE = 22_500;
const LOOK_EVERY_MS = 50;
const LONGEST_MS = 600_000;

const MAKE = `
import numpy as np, rasterio, sys
from rasterio.transform import from_origin
from rasterio.windows import Window
side = int(sys.argv[2])
profile = dict(driver='GTiff', dtype='uint8', count=1, height=side, width=side, crs='EPSG:32632',
               transform=from_origin(0, 0, 10, 10), tiled=True, blockxsize=512, blockysize=512)
random = np.random.default_rng(1)
with rasterio.open(sys.argv[1], 'w', **profile) as target:
    for first in range(0, side, 512):
        rows = min(512, side - first)
        target.write(random.integers(0, 255, (rows, side), dtype='uint8'), 1, window=Window(0, first, side, rows))
`;
const ALONE = `
import numpy as np, rasterio, sys
with rasterio.open(sys.argv[1]) as source:
    profile = dict(source.profile, dtype='float32', nodata=-9999, compress='deflate', predictor=3, bigtiff='if_safer',
                   blockxsize=256, blockysize=256)
    with rasterio.open(sys.argv[2], 'w', **profile) as target:
        for _, window in target.block_windows(1):
            target.write(np.floor(source.read(1, window=window).astype('float64') / 64).astype('float32'), 1, window=window)
`;

const residentMiB = (pid: number): number =>
  (Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024) / MIB;

const folder = mkdtempSync(join(tmpdir(), 'honua-large-'));
try {
  const python = join(await installWorker(resolve(import.meta.dirname, '..')), 'bin/python');
  const file = join(folder, 'large.tif');
  await run(python, ['-c', MAKE, file, String(SIDE)]);
  const began = performance.now();
  await run(python, ['-c', ALONE, file, join(folder, 'alone.tif')]);
  const aloneMs = performance.now() - began;
  await withRig({}, async ({ server }) => {
    const pid = server.process.pid!;
    const idle = residentMiB(pid);
    let peak = idle;
    const looking = setInterval(() => (peak = Math.max(peak, residentMiB(pid))), LOOK_EVERY_MS);
    const sent = performance.now();
    const href = await upload(server.url, file);
    const submitted = performance.now();
    const inputs = { rasters: [{ href, type: 'image/tiff' }], expression: 'floor(A / 64)' };
    const job = await submit(server.url, 'raster-algebra', JSON.stringify({ inputs }));
    const status = await untilFinished(job, LONGEST_MS);
    if (status !== 'successful') throw new Error(`The job ended ${status}`);
    const fetched = performance.now();
    const size = await download(job);
    const done = performance.now();
    clearInterval(looking);
    print('raster in', `${(statSync(file).size / MIB).toFixed(0)} MiB`);
    print('raster out', `${(size / MIB).toFixed(0)} MiB`);
    print('memory of the server, idle', `${idle.toFixed(0)} MiB`);
    print('and at most (wanted: 100 MiB more)', `${peak.toFixed(0)} MiB, ${(peak - idle).toFixed(0)} more`);
    print('sent in', `${((submitted - sent) / 1000).toFixed(1)} s`);
    print('run in', `${((fetched - submitted) / 1000).toFixed(1)} s`);
    print('the same in Python alone', `${(aloneMs / 1000).toFixed(1)} s`);
    print('ratio', ((fetched - submitted) / aloneMs).toFixed(2));
    print('fetched in', `${((done - fetched) / 1000).toFixed(1)} s`);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function upload(url: string, file: string): Promise<string> {
  const { size } = statSync(file);
  const sending = request(`${url}/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'image/tiff', 'content-length': size },
  });
  createReadStream(file).pipe(sending);
  const [reply] = (await once(sending, 'response')) as [AsyncIterable<Buffer>];
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk);
  return (JSON.parse(Buffer.concat(chunks).toString()) as { href: string }).href;
}

/** Its size; the bytes are let go as they come. */
async function download(job: string): Promise<number> {
  const reply = await fetch(`${job}/results/result`);
  let size = 0;
  for await (const chunk of reply.body!) size += (chunk as Uint8Array).length;
  return size;
}
