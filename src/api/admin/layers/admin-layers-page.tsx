import { Moment } from '../../../pages/index.js';
import type { AdminView } from '../pages/also-as-page.js';
import { Table } from '../pages/table.js';
import type { AdminLayerInfo } from './admin-layer-info.js';

export const adminLayersPage: AdminView<{ layers: AdminLayerInfo[] }> = ({ layers }, { root }) => ({
  frame: { title: 'Layers', summary: 'Datasets that requests may name, and where they are declared.' },
  content: (
    <Table
      name="Layers"
      heads={['Layer', 'Provider', 'Tenants', 'Settings', 'Declared', 'Changed', 'By']}
      none="There is none. Declare them in the configuration, or with PUT /admin/layers/{id}."
      rows={layers.map((layer) => {
        const { provider, tenants, title: _title, description: _description, ...where } = layer.settings;
        return [
          <a href={`${root}/layers/${encodeURIComponent(layer.id)}`}>{layer.id}</a>,
          provider,
          tenants?.join(', ') ?? 'all',
          <code>{JSON.stringify(where)}</code>,
          layer.declaredBy === 'operator' ? `version ${layer.version}` : 'configuration',
          layer.declaredBy === 'operator' ? <Moment at={layer.updatedAt.toISOString()} /> : '',
          layer.declaredBy === 'operator' ? layer.updatedBy : '',
        ];
      })}
    />
  ),
});
