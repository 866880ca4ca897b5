import type { VNode } from 'preact';
import type { UsageRow } from '../../../control-plane/index.js';
import { LinkList, readableBytes, readableDuration, Section } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { Filters } from '../pages/filters.js';
import { Table } from '../pages/table.js';

export interface UsageDocument {
  from: string;
  to: string;
  usage: UsageRow[];
}

const FILTERS: [name: string, label: string][] = [
  ['tenant', 'Tenant'],
  ['process', 'Process'],
  ['tier', 'Tier'],
  ['from', 'From day'],
  ['to', 'To day'],
];

export const usagePage: AdminView<UsageDocument> = ({ from, to, usage }, { root, query }) => ({
  frame: { title: 'Usage', summary: `What was used from ${from} to ${to}, by UTC day.` },
  content: (
    <>
      <Filters action={`${root}/admin/usage`} of={FILTERS} query={{ from, to, ...query }} />
      <Section id="tenants" title="By tenant">
        <UseTable first="Tenant" rows={summed(usage, ({ tenant }) => tenant)} />
      </Section>
      <Section id="processes" title="By process and tier">
        <UseTable
          first="Process"
          rows={summed(usage, ({ process, tier }) => (tier ? `${process}, ${tier}` : process))}
        />
      </Section>
      <Section id="days" title="By day">
        <UseTable first="Day" rows={summed(usage, ({ day }) => day)} />
      </Section>
      <LinkList
        links={[
          { href: `${root}/admin/usage?${csvQuery(query)}`, title: 'Every row, as CSV', type: 'text/csv' },
        ]}
      />
    </>
  ),
});

type Use = Omit<UsageRow, 'day' | 'tenant' | 'process' | 'tier'>;

/** The rows that have the same name as one, in the order in which they come. */
function summed(usage: UsageRow[], name: (row: UsageRow) => string): [string, Use][] {
  const sums = new Map<string, Use>();
  for (const row of usage) {
    const sum = sums.get(name(row));
    if (!sum) sums.set(name(row), { ...row });
    else for (const key of MEASURES) sum[key] += row[key];
  }
  return [...sums];
}

const MEASURES = [
  'runs',
  'succeeded',
  'failed',
  'cancelled',
  'costUnits',
  'cpuMs',
  'wallMs',
  'bytes',
] as const;

const UseTable = ({ first, rows }: { first: string; rows: [string, Use][] }): VNode => (
  <Table
    name={`Use by ${first.toLowerCase()}`}
    heads={[first, 'Runs and calls', 'Failed', 'Cancelled', 'Cost units', 'Processor time', 'Bytes']}
    none="Nothing was used."
    rows={rows.map(([name, use]) => [
      name,
      use.runs,
      use.failed,
      use.cancelled,
      use.costUnits.toFixed(2),
      readableDuration(use.cpuMs),
      readableBytes(use.bytes),
    ])}
  />
);

function csvQuery(query: Record<string, unknown>): URLSearchParams {
  const csv = new URLSearchParams({ f: 'csv' });
  for (const [name] of FILTERS) {
    const value = query[name];
    if (typeof value === 'string' && value !== '') csv.set(name, value);
  }
  return csv;
}
