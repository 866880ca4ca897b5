/**
 * A worker by the contract of tier 3 that does what its inputs say, also what no worker should: `does` is one of echo,
 * wait, ignore (SIGTERM), talk, fill (memory), write, exit, lie, vanish.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const { HONUA_INPUT_URI, HONUA_OUTPUT_URI, HONUA_ARTIFACT_DIR } = process.env;
const { inputs, limits } = JSON.parse(readFileSync(fileURLToPath(HONUA_INPUT_URI), 'utf8'));
const { does = 'echo', seconds = 0, mark, until, after } = inputs;
const out = fileURLToPath(HONUA_OUTPUT_URI);
mkdirSync(out, { recursive: true });

function put(name, text) {
  const draft = join(out, `${name}.draft`);
  writeFileSync(draft, text);
  renameSync(draft, join(out, name));
}

function fail(reason, message) {
  put('manifest.json', JSON.stringify({ error: { reason, message }, messages: [] }));
  process.exit(2);
}

if (mark) appendFileSync(mark, `${process.pid}\n`);
process.on('SIGTERM', () => {
  if (does !== 'ignore') process.exit(143);
});
console.log(`It ${does}s`);
switch (does) {
  case 'talk':
    for (;;) if (!process.stdout.write('no end of talk\n'.repeat(4096))) await sleep(0);
  case 'fill':
    for (const held = []; ;) held.push(Buffer.alloc(16 * 1024 ** 2, 1));
  case 'write':
    for (;;) appendFileSync(join(out, 'endless'), Buffer.alloc(1024 ** 2, 1));
  case 'exit':
    console.error('This is why');
    process.exit(7);
  case 'vanish':
    process.exit(0);
  case 'refuse':
    fail('invalid-input', 'points: there are none');
}
for (let passed = 0; passed < seconds; passed += 0.1) {
  put(
    'progress.json',
    JSON.stringify({ percent: Math.min(99, Math.floor((100 * passed) / seconds)), message: 'at it' }),
  );
  await sleep(100);
}
if (until) while (!existsSync(until)) await sleep(50);
if (does === 'ignore') await sleep(600_000);
writeFileSync(join(HONUA_ARTIFACT_DIR, 'scratch'), 'may be written');
const text =
  typeof inputs.features === 'object'
    ? readFileSync(fileURLToPath(inputs.features.uri))
    : Buffer.from('{"type":"FeatureCollection","features":[]}');
if (text.length > limits.maxOutputBytes) fail('too-large', 'The result is larger than it may be.');
writeFileSync(join(out, 'result.json'), text);
const sha256 = createHash('sha256').update(text).digest('hex');
const size = text.length + (does === 'lie' ? 1 : 0);
const result = { rel: 'result.json', type: 'application/geo+json', size, sha256 };
const raster = inputs.file && readFileSync(fileURLToPath(inputs.file.uri));
if (raster) writeFileSync(join(out, 'copy.tif'), raster);
put(
  'manifest.json',
  JSON.stringify({
    outputs: {
      result,
      seen: { value: inputs },
      ...(raster && {
        copy: {
          rel: 'copy.tif',
          type: inputs.file.mediaType,
          size: raster.length,
          sha256: createHash('sha256').update(raster).digest('hex'),
        },
      }),
    },
    artifacts: [{ rel: 'result', path: 'result.json', type: result.type }],
    messages: [{ level: 'info', text: 'It was done.' }],
  }),
);
if (after) while (!existsSync(after)) await sleep(50);
