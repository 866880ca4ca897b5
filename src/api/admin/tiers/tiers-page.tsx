import type { VNode } from 'preact';
import type { TierState } from '../../../control-plane/index.js';
import { Badge } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { Table } from '../pages/table.js';

export const tiersPage: AdminView<{ tiers: TierState[] }> = ({ tiers }) => ({
  frame: { title: 'Tiers', summary: 'How they are, and what waits and runs there.' },
  content: <TierTable tiers={tiers} />,
});

export const TierTable = ({ tiers }: { tiers: TierState[] }): VNode => (
  <Table
    name="Tiers"
    heads={['Tier', 'Health', 'Waiting', 'Running', 'Slots free here']}
    none="This server has no tier."
    rows={tiers.map((tier) => [
      tier.tier,
      <Health {...tier} />,
      tier.queued,
      tier.running,
      tier.capacity ? `${tier.capacity.free} of ${tier.capacity.slots}` : '',
    ])}
  />
);

function Health({ present, health, drained }: TierState): VNode {
  if (!present) return <Badge>not on this server</Badge>;
  if (drained)
    return (
      <>
        <Badge tone="warn">drained</Badge> {drained.reason} ({drained.by})
      </>
    );
  if (health?.healthy) return <Badge tone="good">healthy</Badge>;
  return (
    <>
      <Badge tone="bad">ill</Badge> {health?.detail}
    </>
  );
}
