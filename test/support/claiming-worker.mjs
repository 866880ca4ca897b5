// A worker process of the claim race: claims, holds and finishes runs, and starts synchronous ones, until it is killed.
import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { claimRun } from '../../dist/src/control-plane/run/claim-run.js';
import { finishRun } from '../../dist/src/control-plane/run/finish-run.js';
import { insertRun } from '../../dist/src/control-plane/run/insert-run.js';
import { Database } from '../../dist/src/database/index.js';
import { uuidV7 } from '../../dist/src/shared/uuid-v7.js';

const { url, name, lanes, rules, prices, sync, holdMs, connections } = JSON.parse(process.argv[2]);
const database = await Database.open({ url, poolSize: connections * 2, statementTimeoutMs: 30_000 });
const ENDED = {
  state: 'succeeded',
  outputs: [],
  inline: new Map(),
  messages: [],
  usage: { cpuMs: 1, wallMs: 1 },
};
const any = (list) => list[Math.floor(Math.random() * list.length)];

const started = async (manager) => {
  if (sync.length > 0 && Math.random() < 0.3) {
    const submittedAt = new Date();
    const run = { ...any(sync), id: uuidV7(submittedAt), submittedAt, worker: name };
    const answer = await insertRun(manager, { run }, rules);
    return answer.outcome === 'inserted' ? answer.run : undefined;
  }
  const answer = await claimRun(manager, any(lanes), name, rules);
  return answer.outcome === 'claimed' ? answer.run : undefined;
};

await Promise.all(
  Array.from({ length: connections }, async () => {
    await database.asSystem(async (manager) => {
      for (;;) {
        const run = await started(manager);
        await pause(run ? Math.random() * holdMs : 2);
        if (run)
          await finishRun(
            manager,
            { runId: run.id, tenant: run.tenant, attempt: run.attempt },
            ENDED,
            prices,
          );
      }
    });
  }),
);
