import { layerSchema, type LayerSettings } from '../../../config/index.js';
import type { DeclaredLayer } from '../../../data-sources/index.js';
import { bodySchema } from '../json-body.js';
import { type Stamp, withStamp } from '../rule-info.js';

/** Connections are told by name alone: their secrets are in the configuration, and stay there. */
export type AdminLayerInfo = { id: string; settings: LayerSettings } & (
  { declaredBy: 'configuration' } | ({ declaredBy: 'operator' } & Stamp)
);

export const declaredLayer = ({ id, settings, ...stamp }: DeclaredLayer): AdminLayerInfo => ({
  id,
  declaredBy: 'operator',
  settings,
  ...stamp,
});

export const ADMIN_LAYER = withStamp({
  id: { type: 'string', example: 'roads' },
  declaredBy: {
    type: 'string',
    enum: ['configuration', 'operator'],
    description: 'What the configuration declares is changed there; it has no version',
  },
  settings: bodySchema(layerSchema),
});
