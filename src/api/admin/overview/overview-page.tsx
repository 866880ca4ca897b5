import { Facts, LinkList, Moment, Section } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { RunTable } from '../runs/runs-page.js';
import { TenantTable } from '../tenants/tenants-page.js';
import { TierTable } from '../tiers/tiers-page.js';
import type { Overview } from './overview.js';

export const overviewPage: AdminView<Overview> = ({ tiers, tenants, latestFailures, ledger }, { root }) => ({
  frame: { title: 'Operations', summary: 'How the service is, and who uses it.' },
  content: (
    <>
      <LinkList
        links={[
          { href: `${root}/admin/runs?f=html`, title: 'Runs of every tenant' },
          { href: `${root}/admin/usage?f=html`, title: 'What was used, by tenant, process and day' },
          { href: `${root}/admin/layers?f=html`, title: 'Layers, and where they are declared' },
          { href: `${root}/admin/queues`, title: 'Chores: callbacks, sweeps, retention' },
          { href: `${root}/api`, title: 'Everything else, in the API (tag Admin)' },
        ]}
      />
      <Section id="tiers" title="Tiers">
        <TierTable tiers={tiers} />
      </Section>
      <Section id="tenants" title="Tenants">
        <TenantTable tenants={tenants} root={root} />
      </Section>
      <Section id="failures" title="Latest failures">
        <RunTable runs={latestFailures} root={root} />
      </Section>
      <Section id="ledger" title="Ledger">
        <Facts
          of={[
            ['Sealed blocks', ledger.position],
            ['Last sealed', ledger.sealedAt && <Moment at={ledger.sealedAt.toISOString()} />],
            ['Its mark', <code>{ledger.mac}</code>],
          ]}
        />
      </Section>
    </>
  ),
});
