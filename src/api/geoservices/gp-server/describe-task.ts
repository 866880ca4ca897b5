import { publishedNames, taskName } from '../../../execution-adapter/index.js';
import type {
  ColumnDefinition,
  InputDefinition,
  OutputDefinition,
  ProcessDefinition,
} from '../../../registry/index.js';
import { inputDataType, outputDataType } from './gp-types.js';
import type { ExecutionType } from './services.js';

export interface GpParameter {
  name: string;
  dataType: string;
  displayName: string;
  description: string;
  direction: 'esriGPParameterDirectionInput' | 'esriGPParameterDirectionOutput';
  defaultValue: unknown;
  parameterType: 'esriGPParameterTypeRequired' | 'esriGPParameterTypeOptional' | 'esriGPParameterTypeDerived';
  category: string;
  choiceList?: string[];
  filter?: { type: 'range'; minimum: number; maximum: number };
  /** The columns of a value table. */
  parameterInfos?: { name: string; dataType: string; displayName: string; choiceList?: string[] }[];
}

export interface TaskDescription {
  name: string;
  displayName: string;
  description: string;
  category: string;
  helpUrl: string;
  executionType: ExecutionType;
  parameters: GpParameter[];
}

/** A process as a task. `base` is the public root of this service. */
export function describeTask(
  definition: ProcessDefinition,
  executionType: ExecutionType,
  base: string,
): TaskDescription {
  const names = publishedNames(definition);
  return {
    name: taskName(definition.id),
    displayName: harmless(definition.title),
    description: harmless(definition.description),
    category: '',
    helpUrl: `${base}/processes/${definition.id}`,
    executionType,
    parameters: [
      ...names.inputs.map(({ id, name }) => describeInput(name, definition.inputs[id]!)),
      ...names.outputs.map(({ id, name }) => describeOutput(name, definition.outputs[id]!)),
    ],
  };
}

function describeInput(name: string, input: InputDefinition): GpParameter {
  const { title, description = '', minOccurs, default: preset, enum: choices, minimum, maximum } = input;
  const { columns } = input;
  const bounded = minimum !== undefined && maximum !== undefined;
  return {
    name,
    dataType: inputDataType(input),
    displayName: harmless(title),
    description: harmless(description),
    direction: 'esriGPParameterDirectionInput',
    defaultValue: defaultValue(input),
    parameterType:
      minOccurs > 0 && preset === undefined ? 'esriGPParameterTypeRequired' : 'esriGPParameterTypeOptional',
    category: '',
    ...(choices && { choiceList: choices.map(String) }),
    ...(bounded && { filter: { type: 'range', minimum, maximum } }),
    ...(columns && { parameterInfos: Object.entries(columns).map(describeColumn) }),
  };
}

const describeColumn = ([name, { type, title, enum: choices }]: [string, ColumnDefinition]): NonNullable<
  GpParameter['parameterInfos']
>[number] => ({
  name,
  dataType: type === 'number' ? 'GPDouble' : 'GPString',
  displayName: harmless(title ?? name),
  ...(choices && { choiceList: choices }),
});

const describeOutput = (name: string, output: OutputDefinition): GpParameter => ({
  name,
  dataType: outputDataType(output),
  displayName: harmless(output.title),
  description: harmless(output.description ?? ''),
  direction: 'esriGPParameterDirectionOutput',
  defaultValue:
    output.type === 'features'
      ? emptyFeatureSet(undefined)
      : output.type === 'table'
        ? EMPTY_RECORD_SET
        : null,
  parameterType: 'esriGPParameterTypeDerived',
  category: '',
});

function defaultValue({ type, default: preset, geometryTypes, columns }: InputDefinition): unknown {
  if (type === 'features') return emptyFeatureSet(geometryTypes);
  if (type === 'table') return columns ? null : EMPTY_RECORD_SET;
  if (type === 'date' && typeof preset === 'string') return Date.parse(preset);
  if (type === 'duration' && typeof preset === 'number')
    return { time: preset, units: 'esriTimeUnitsSeconds' };
  if (type === 'length' && typeof preset === 'number') return { distance: preset, units: 'esriMeters' };
  if (type === 'area' && typeof preset === 'number') return { area: preset, units: 'esriSquareMeters' };
  return preset ?? null;
}

const GEOMETRY_TYPES = {
  point: 'esriGeometryPoint',
  line: 'esriGeometryPolyline',
  polygon: 'esriGeometryPolygon',
};

const EMPTY_RECORD_SET = { displayFieldName: '', fields: [], features: [], exceededTransferLimit: false };

/** The schema of features, said as clients expect it: by a feature set without any. */
const emptyFeatureSet = (geometryTypes: InputDefinition['geometryTypes']): object => ({
  displayFieldName: '',
  geometryType: GEOMETRY_TYPES[geometryTypes?.[0] ?? 'polygon'],
  spatialReference: { wkid: 4326, latestWkid: 4326 },
  fields: [{ name: 'OBJECTID', type: 'esriFieldTypeOID', alias: 'OBJECTID' }],
  features: [],
  exceededTransferLimit: false,
});

/** One client writes these texts into source code, between quotes of its own. */
const harmless = (text: string): string =>
  text.replaceAll('"', "'").replaceAll('\\', '/').replaceAll(/\s+/g, ' ').trim();
