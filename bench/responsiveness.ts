/**
 * While eight 10 MB unions run, how long does the status of a job take? Target: 99 of 100 within 100 ms.
 * `npm run bench:responsiveness`
 */
import { countries, upTo } from '../test/support/real-data.ts';
import { percentile, print, statusOf, submit, timed, untilFinished, withRig } from './rig.ts';

const UNIONS = 8;

await withRig({}, async ({ server }) => {
  const body = JSON.stringify({ inputs: { features: upTo(10_000_000, countries()) } });
  const jobs = await Promise.all(Array.from({ length: UNIONS }, () => submit(server.url, 'union', body)));
  const times: number[] = [];
  const state = { open: true };
  const finished = Promise.all(jobs.map((job) => untilFinished(job, 600_000))).finally(() => {
    state.open = false;
  });
  for (let next = 0; state.open; next++) {
    times.push(await timed(() => statusOf(jobs[next % UNIONS]!)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const ends = await finished;
  print(
    'Unions that succeeded',
    `${ends.filter((end) => end === 'successful').length} of ${UNIONS}, ${(body.length / 1e6).toFixed(1)} MB each`,
  );
  print(
    'GET /jobs/{id} meanwhile, p50 / p99 / max ms',
    `${percentile(times, 0.5).toFixed(1)} / ${percentile(times, 0.99).toFixed(1)} / ${Math.max(...times).toFixed(1)}  (n=${times.length})`,
  );
});
