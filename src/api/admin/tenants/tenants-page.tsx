import type { VNode } from 'preact';
import { Badge, LinkList, Moment } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { Table } from '../pages/table.js';
import type { TenantInfo } from './tenant-info.js';

export const tenantsPage: AdminView<{ tenants: TenantInfo[] }> = ({ tenants }, { root }) => ({
  frame: { title: 'Tenants', summary: 'Who the service works for.' },
  content: <TenantTable tenants={tenants} root={root} />,
});

export const TenantTable = ({ tenants, root }: { tenants: TenantInfo[]; root: string }): VNode => (
  <Table
    name="Tenants"
    heads={['Tenant', 'Title', 'May execute', 'Since']}
    none="There is no tenant."
    rows={tenants.map(({ id, title, enabled, createdAt }) => [
      <a href={`${root}/admin/tenants/${encodeURIComponent(id)}?f=html`}>{id}</a>,
      title,
      enabled ? 'yes' : <Badge tone="bad">shut out</Badge>,
      <Moment at={createdAt} />,
    ])}
  />
);

export const tenantPage: AdminView<TenantInfo> = ({ id, title, enabled, createdAt }, { root }) => ({
  frame: { title: title ?? id, summary: `Tenant ${id}, since ${createdAt.slice(0, 10)}.` },
  content: (
    <>
      {!enabled && <p class="notice">It is shut out: nothing of it is executed.</p>}
      <LinkList
        links={[
          ['usage?tenant=', 'What it used'],
          ['runs?tenant=', 'Its runs'],
          ['tenants/', 'What it may use', '/limits'],
          ['tenants/', 'How its processes run', '/policy-overrides'],
        ].map(([path, linkTitle, rest = '']) => {
          const href = `${root}/admin/${path}${encodeURIComponent(id)}${rest}`;
          return { href: `${href}${href.includes('?') ? '&' : '?'}f=html`, title: linkTitle! };
        })}
      />
    </>
  ),
});
