import { Badge, Moment } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { Table } from '../pages/table.js';
import type { LimitsInfo } from './limits-info.js';

export const limitsPage: AdminView<LimitsInfo> = ({ tenant, limits, effective, updatedAt, updatedBy }) => ({
  frame: { title: `Limits of ${tenant}`, summary: 'What it may use. Sizes are bytes, times milliseconds.' },
  content: (
    <>
      {updatedAt && (
        <p>
          Changed <Moment at={updatedAt.toISOString()} /> by {updatedBy}.
        </p>
      )}
      <Table
        name="Limits"
        heads={['Limit', 'What holds', 'From']}
        none="There are no limits."
        rows={Object.entries(effective).map(([name, value]) => [
          name,
          value === null ? 'none' : String(value),
          name in limits ? <Badge>its own</Badge> : 'the configuration',
        ])}
      />
    </>
  ),
});
