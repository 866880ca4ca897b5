import type { InputDefinition, OutputDefinition } from '../../../registry/index.js';

const INPUTS: Record<InputDefinition['type'], string> = {
  features: 'GPFeatureRecordSetLayer',
  number: 'GPDouble',
  integer: 'GPLong',
  string: 'GPString',
  boolean: 'GPBoolean',
  length: 'GPLinearUnit',
  area: 'GPArealUnit',
  date: 'GPDate',
  duration: 'GPTimeUnit',
  table: 'GPRecordSet',
  file: 'GPDataFile',
  // GP has no type for coordinate systems or extents that clients know; they lose values of types they do not.
  crs: 'GPString',
  bbox: 'GPString',
};

const OUTPUTS: Record<OutputDefinition['type'], string> = {
  features: 'GPFeatureRecordSetLayer',
  number: 'GPDouble',
  integer: 'GPLong',
  string: 'GPString',
  boolean: 'GPBoolean',
  date: 'GPDate',
  duration: 'GPTimeUnit',
  table: 'GPRecordSet',
  file: 'GPDataFile',
  // Its JSON as text, since GP has no objects.
  object: 'GPString',
};

export function inputDataType({ type, maxOccurs, columns }: InputDefinition): string {
  if (columns) return 'GPValueTable';
  const own = INPUTS[type];
  return maxOccurs === 1 || type === 'features' ? own : `GPMultiValue:${own}`;
}

export const outputDataType = ({ type }: OutputDefinition): string => OUTPUTS[type];
