import type { VNode } from 'preact';
import { Moment, readableDuration } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { Filters } from '../pages/filters.js';
import { StateBadge } from '../pages/state-badge.js';
import { Table } from '../pages/table.js';
import type { RunInfo } from './run-info.js';

interface RunsDocument {
  runs: RunInfo[];
  next?: string;
}

const FILTERS: [name: string, label: string][] = [
  ['tenant', 'Tenant'],
  ['process', 'Process'],
  ['state', 'State'],
  ['tier', 'Tier'],
  ['user', 'User'],
];

export const runsPage: AdminView<RunsDocument> = ({ runs, next }, { root, query }) => ({
  frame: { title: 'Runs', summary: 'Of every tenant, newest first.' },
  content: (
    <>
      <Filters action={`${root}/admin/runs`} of={FILTERS} query={query} />
      <RunTable runs={runs} root={root} />
      {next && (
        <nav class="paging" aria-label="Pages of this list">
          <a class="button" rel="next" href={`${root}/admin/runs?${nextQuery(query, next)}`}>
            Next page
          </a>
        </nav>
      )}
    </>
  ),
});

export const RunTable = ({ runs, root }: { runs: RunInfo[]; root: string }): VNode => (
  <Table
    name="Runs"
    heads={['Run', 'Tenant', 'State', 'Tier', 'Submitted', 'Took', 'Cost units']}
    none="No run is here."
    rows={runs.map((run) => [
      <>
        <a href={`${root}/admin/runs/${run.id}?f=html`}>{run.process}</a>
        {(run.failure?.message ?? run.message) && (
          <span class="about">{run.failure?.message ?? run.message}</span>
        )}
      </>,
      run.tenant,
      <StateBadge {...run} />,
      run.tier ?? `waits for ${run.lane}`,
      <Moment at={run.submittedAt.toISOString()} />,
      took(run),
      run.costUnits ?? `${run.estimatedCostUnits} estimated`,
    ])}
  />
);

const took = ({ startedAt, completedAt }: RunInfo): string =>
  startedAt && completedAt ? readableDuration(completedAt.getTime() - startedAt.getTime()) : '';

function nextQuery(query: Record<string, unknown>, after: string): URLSearchParams {
  const next = new URLSearchParams({ after });
  for (const [name, value] of Object.entries(query))
    if (name !== 'after' && typeof value === 'string' && value !== '') next.set(name, value);
  return next;
}
