import { Facts, JsonBlock, Moment, readableBytes, Section } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { StateBadge } from '../pages/state-badge.js';
import { Table } from '../pages/table.js';
import type { LedgerLineInfo, RunInfo } from './run-info.js';

const moment = (at: Date | null) => at && <Moment at={at.toISOString()} />;

export const runPage: AdminView<RunInfo & { ledger: LedgerLineInfo[] }> = (run, { root }) => ({
  frame: { title: `Run of ${run.process}`, summary: `${run.id}, of tenant ${run.tenant}.` },
  content: (
    <>
      <Facts
        of={[
          ['State', <StateBadge {...run} />],
          ['Why', run.failure?.message ?? run.message],
          ['User', run.user],
          ['Process', `${run.process} ${run.version}`],
          ['Asked through', `${run.surface}, ${run.mode}`],
          ['Tier', run.tier ?? `waits for ${run.lane}`],
          ['Resource class', run.resourceClass],
          ['Worker', run.worker],
          ['Attempts', `${run.attempt}, of these lost: ${run.lostAttempts}`],
          ['Cost units', `${run.costUnits ?? 'not settled'}, estimated ${run.estimatedCostUnits}`],
          ['Submitted', moment(run.submittedAt)],
          ['Started', moment(run.startedAt)],
          ['Ended', moment(run.completedAt)],
          ['Input', `${readableBytes(run.input.bytes)}, SHA-256 ${run.input.sha256}`],
          ['Trace', run.traceId],
          ['Policy', run.policyVersion],
        ]}
      />
      {run.tenant === 'default' && (
        <p>
          <a href={`${root}/jobs/${run.id}`}>The job as its owner sees it</a>
        </p>
      )}
      <Section id="decision" title="Why it was admitted so">
        <JsonBlock value={run.decision} label="The decision" />
      </Section>
      <Section id="ledger" title="Ledger">
        <Table
          name="Ledger"
          heads={['Line', 'At', 'What', 'Attempt', 'Facts']}
          none="Nothing is recorded."
          rows={run.ledger.map(({ seq, at, kind, attempt, data }) => [
            seq,
            <Moment at={at.toISOString()} />,
            kind,
            attempt,
            <code>{JSON.stringify(data)}</code>,
          ])}
        />
      </Section>
    </>
  ),
});
