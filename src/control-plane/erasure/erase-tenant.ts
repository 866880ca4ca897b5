import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Uploads } from '../../artifacts/index.js';
import { Database } from '../../database/index.js';
import { AppError } from '../../shared/app-error.js';
import { LedgerSealer } from '../auditing/ledger-sealer.js';
import { callbackSecretName } from '../callbacks/callback-secrets.js';
import { CancelRun } from '../commands/cancel-run.js';
import { JobQueue } from '../jobs/job-queue.js';
import type { StoredInput } from '../run/process-run.entity.js';
import { RunArtifacts } from '../run/run-artifacts.js';
import { eraseRows } from './erase-rows.js';

/**
 * Everything of a tenant that was shut out goes: its runs are cancelled, and once they have ended their inputs, outputs,
 * files, rows and ledger lines are erased, then its uploads, keys, secrets and whatever else names it. Throws AppError
 * `conflict` while runs are still ending: asking again goes on from there.
 */
export class EraseTenant extends Command<void> {
  constructor(readonly tenant: string) {
    super();
  }
}

const BATCH = 500;
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 200;

@CommandHandler(EraseTenant)
export class EraseTenantHandler implements ICommandHandler<EraseTenant> {
  // oxlint-disable-next-line max-params -- what is injected, not what a caller must know
  constructor(
    private readonly database: Database,
    private readonly commands: CommandBus,
    private readonly uploads: Uploads,
    private readonly artifacts: RunArtifacts,
    private readonly sealer: LedgerSealer,
    private readonly jobs: JobQueue,
  ) {}

  async execute({ tenant }: EraseTenant): Promise<void> {
    await this.endRuns(tenant);
    await this.eraseRuns(tenant);
    await this.uploads.erase(tenant);
    await this.jobs.forgetGroup(tenant);
    await this.database.asSystem((manager) => eraseRows(manager, tenant, callbackSecretName(tenant)));
  }

  private async endRuns(tenant: string): Promise<void> {
    const operator = { tenant, user: 'operator', scopes: ['execute' as const] };
    const end = performance.now() + PATIENCE_MS;
    for (const asked = new Set<string>(); ;) {
      const ids = await this.unfinished(tenant);
      if (ids.length === 0) return;
      for (const id of ids.filter((one) => !asked.has(one))) {
        await this.commands.execute(new CancelRun(operator, id, 'The tenant is being erased.', 'keep'));
        asked.add(id);
      }
      if (performance.now() > end)
        throw new AppError(
          'conflict',
          'tenant-busy',
          `${ids.length} run(s) of the tenant are still ending: ask again.`,
        );
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  private async unfinished(tenant: string): Promise<string[]> {
    const rows = await this.database.asSystem((manager) =>
      manager.query<{ id: string }[]>(
        `select id from process_runs where tenant_id = $1 and state in ('queued', 'running') limit $2`,
        [tenant, BATCH],
      ),
    );
    return rows.map(({ id }) => id);
  }

  /** Files before rows: what is left of a run by a crash is found again by its row. */
  private async eraseRuns(tenant: string): Promise<void> {
    for (;;) {
      const batch = await this.database.asSystem((manager) =>
        manager.query<{ id: string; input: StoredInput }[]>(
          'select id, input from process_runs where tenant_id = $1 order by id limit $2',
          [tenant, BATCH],
        ),
      );
      if (batch.length === 0) return;
      for (const run of batch) await this.artifacts.deleteAll(run);
      const ids = batch.map(({ id }) => id);
      await this.sealer.sealErased(ids);
      await this.database.asSystem((manager) => manager.query('select erase_runs($1, $2)', [tenant, ids]));
    }
  }
}
