import type { OpenAPIObject } from '@nestjs/swagger';
import {
  GEOMETRY_OPERATION_NAMES,
  GEOMETRY_OPERATIONS,
  type GeometryOperationName,
} from '../../../execution-adapter/index.js';
import type { ProcessDefinition } from '../../../registry/index.js';
import { describeTask, type GpParameter, type TaskDescription } from '../gp-server/describe-task.js';

const TAG = 'GeoServices REST (Esri)';
const ROOT = '/arcgis/rest';
const SERVICE = `${ROOT}/services/{service}/GPServer`;
const JOB = `${SERVICE}/{task}/jobs/{jobId}`;
const UPLOADS = `${SERVICE}/uploads`;

const GEOMETRY = `${ROOT}/services/Geometry/GeometryServer`;

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];

/** An API definition with the resources of this protocol added, every task with its own parameters. */
export function withGeoservices(document: OpenAPIObject, definitions: ProcessDefinition[]): OpenAPIObject {
  const tasks = definitions.map((one) => describeTask(one, 'esriExecutionTypeAsynchronous', ''));
  const own = Object.fromEntries([
    ...RESOURCES.map(([path, summary]) => [path, both(path, { summary })] as const),
    ...tasks.flatMap((task) => [taskPath(task, 'execute'), taskPath(task, 'submitJob')]),
    ...UPLOAD_FORMS.map(
      ([path, summary, fields, required]) =>
        [path, formOperation(path, summary, { ...fields, f: F }, required)] as const,
    ),
    ...GEOMETRY_OPERATION_NAMES.map(geometryPath),
  ]);
  return { ...document, paths: { ...document.paths, ...own } };
}

const RESOURCES: [path: string, summary: string][] = [
  [`${ROOT}/info`, 'About the server'],
  [`${ROOT}/services`, 'The services directory'],
  [SERVICE, 'A service and its tasks'],
  [`${SERVICE}/{task}`, 'A task and its parameters'],
  [JOB, 'How a job is getting on'],
  [`${JOB}/cancel`, 'Cancel a job'],
  [`${JOB}/results/{parameter}`, 'A result of a job'],
  [`${JOB}/inputs/{parameter}`, 'An input of a job'],
  [`${JOB}/results`, 'The results of a job'],
  [`${JOB}/inputs`, 'The inputs of a job'],
  [UPLOADS, 'What may be sent ahead'],
  [`${UPLOADS}/{itemId}`, 'A file that was sent ahead'],
  [`${UPLOADS}/{itemId}/delete`, 'Delete a file that was sent ahead'],
  [GEOMETRY, 'The geometry service'],
];

const TEXT = { type: 'string' };
const FILE = { type: 'string', format: 'binary' };

/** Forms about files; those that carry one are multipart alone. */
const UPLOAD_FORMS: [path: string, summary: string, fields: Record<string, object>, required: string[]][] = [
  [`${UPLOADS}/upload`, 'Send a file ahead', { file: FILE, description: TEXT }, ['file']],
  [
    `${UPLOADS}/register`,
    'Make place for a file that comes in parts',
    { itemName: TEXT, description: TEXT },
    ['itemName'],
  ],
  [
    `${UPLOADS}/{itemId}/uploadPart`,
    'Send a part of a file',
    { partId: { type: 'integer', minimum: 1 }, partFile: FILE },
    ['partId', 'partFile'],
  ],
  [
    `${UPLOADS}/{itemId}/commit`,
    'Put the parts of a file together',
    { parts: { type: 'string', description: 'Their numbers, such as 1,2,3; all where none is named' } },
    [],
  ],
];

function taskPath(task: TaskDescription, operation: 'execute' | 'submitJob'): [string, PathItem] {
  const path = `${ROOT}/services/${operation === 'execute' ? 'GPSync' : 'GP'}/GPServer/${task.name}/${operation}`;
  const summary = `${task.displayName}: ${operation === 'execute' ? 'at once' : 'as a job'}`;
  const inputs = task.parameters.filter(({ direction }) => direction === 'esriGPParameterDirectionInput');
  const settings = [
    'env:outSR',
    'env:processSR',
    'context',
    'returnZ',
    'returnM',
    'returnFeatureCollection',
    'returnMessages',
  ];
  const fields = {
    ...Object.fromEntries(
      inputs.map((input) => [input.name, { type: 'string', description: fieldText(input) }]),
    ),
    ...Object.fromEntries(settings.map((name) => [name, { type: 'string' }])),
    f: F,
  };
  const required = inputs
    .filter(({ parameterType }) => parameterType === 'esriGPParameterTypeRequired')
    .map(({ name }) => name);
  return [path, formOperation(path, summary, fields, required)];
}

function geometryPath(name: GeometryOperationName): [string, PathItem] {
  const { summary, parameters } = GEOMETRY_OPERATIONS[name];
  const path = `${GEOMETRY}/${name}`;
  const fields = { ...Object.fromEntries(parameters.map((one) => [one, { type: 'string' }])), f: F };
  return [path, formOperation(path, summary, fields)];
}

function formOperation(
  path: string,
  summary: string,
  fields: Record<string, object>,
  required: string[] = [],
): PathItem {
  const schema = { type: 'object', properties: fields, ...(required.length > 0 && { required }) };
  const content: Record<string, object> = Object.values(fields).includes(FILE)
    ? { 'multipart/form-data': { schema } }
    : {
        'application/x-www-form-urlencoded': { schema },
        'multipart/form-data': { schema },
        'application/json': { schema: { type: 'object' } },
      };
  return { post: { ...operationOf(path, { summary }, 'post'), requestBody: { content } } };
}

const F = { type: 'string', enum: ['json', 'pjson', 'html'], default: 'json' };

const fieldText = ({ dataType, displayName, description }: GpParameter): string =>
  [`${displayName} (${dataType})`, description].filter(Boolean).join('. ');

const both = (path: string, about: { summary: string }): PathItem => ({
  get: operationOf(path, about, 'get'),
  post: operationOf(path, about, 'post'),
});

function operationOf(path: string, { summary }: { summary: string }, method: string): Operation {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]): Parameter => pathParameter(name!));
  return {
    tags: [TAG],
    summary,
    operationId: `${method}${path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_, first: string) => first.toUpperCase())}`,
    parameters: [...named, { name: 'f', in: 'query', schema: F }],
    responses: {
      200: {
        description:
          'The answer, or `{"error": {"code", "message", "details"}}`: errors come with HTTP 200 too',
        content: {
          'application/json': { schema: { type: 'object' } },
          'text/html': { schema: { type: 'string' } },
        },
      },
    },
  };
}

const EXAMPLES: Record<string, string> = { service: 'GP', task: 'buffer', parameter: 'Output_Features' };

const pathParameter = (name: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
  ...(EXAMPLES[name] !== undefined && { example: EXAMPLES[name] }),
});
