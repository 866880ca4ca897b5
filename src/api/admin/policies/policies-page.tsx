import { Moment } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { Table } from '../pages/table.js';
import type { PolicyInfo } from './policy-info.js';

export const policiesPage: AdminView<{ tenant: string; policies: PolicyInfo[] }> = ({
  tenant,
  policies,
}) => ({
  frame: {
    title: `Policies of ${tenant}`,
    summary: 'How its processes run, where that is not as the process and the configuration say.',
  },
  content: (
    <Table
      name="Policies"
      heads={['Process', 'Policy', 'Version', 'Changed', 'By']}
      none="It has none: everything runs as the processes and the configuration say."
      rows={policies.map(({ process, policy, version, updatedAt, updatedBy }) => [
        process === '*' ? 'every process' : process,
        <code>{JSON.stringify(policy)}</code>,
        version,
        <Moment at={updatedAt.toISOString()} />,
        updatedBy,
      ])}
    />
  ),
});
