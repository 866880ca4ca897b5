import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { ask, gp } from '../../support/esri-client.js';

/** What clients require of descriptions; the Python client turns them into source code, so its rules are the strictest. */
let server: TestServer;
let tasks: any[];

beforeAll(async () => {
  server = await startServer();
  const { tasks: names } = await ask(gp(server.url));
  tasks = await Promise.all(names.map((name: string) => ask(gp(server.url, encodeURIComponent(name)))));
});
afterAll(() => server.close());

const PYTHON_WORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
/** As the Python client makes identifiers of names. */
function snakeCase(name: string): string {
  const spaced = (/^\d/.test(name) ? `execute_${name}` : name).replaceAll(' ', '_');
  if (spaced.includes('_')) return spaced.toLowerCase();
  return spaced
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
const isIdentifier = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name) && !PYTHON_WORDS.has(name);

const GP_TYPES =
  /^(?:GPMultiValue:)?GP(?:Boolean|Double|Long|String|Date|LinearUnit|ArealUnit|TimeUnit|FeatureRecordSetLayer|RecordSet|ValueTable|DataFile)$/;

it.each([
  ['GP', 'esriExecutionTypeAsynchronous'],
  ['GPSync', 'esriExecutionTypeSynchronous'],
])('service %s has every required key, and no map server', async (service, executionType) => {
  const description = await ask(gp(server.url, '', service));
  expect(description).toEqual({
    currentVersion: expect.any(Number),
    serviceDescription: expect.any(String),
    tasks: expect.arrayContaining(['buffer', 'echo', 'make_valid']),
    executionType,
    resultMapServerName: '',
    maximumRecords: 100_000,
    capabilities: 'Uploads',
  });
  const task = await ask(gp(server.url, 'buffer', service));
  expect(task.executionType).toBe(executionType);
});

describe('every task', () => {
  it('has the documented keys and no others', () => {
    for (const task of tasks) {
      expect(Object.keys(task).sort()).toEqual(
        ['name', 'displayName', 'description', 'category', 'helpUrl', 'executionType', 'parameters'].sort(),
      );
      for (const parameter of task.parameters) {
        const { choiceList, filter, parameterInfos, ...required } = parameter;
        expect(parameterInfos !== undefined).toBe(parameter.dataType === 'GPValueTable');
        expect(Object.keys(required).sort(), `${task.name} ${parameter.name}`).toEqual(
          'name dataType displayName description direction defaultValue parameterType category'
            .split(' ')
            .sort(),
        );
        if (choiceList) expect(choiceList.every((one: unknown) => typeof one === 'string')).toBe(true);
        if (filter)
          expect(filter).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) });
        expect(parameter.direction).toMatch(/^esriGPParameterDirection(?:Input|Output)$/);
        expect(parameter.parameterType).toMatch(/^esriGPParameterType(?:Required|Optional|Derived)$/);
      }
    }
  });

  it('uses only data types that clients decode', () => {
    for (const { name, parameters } of tasks)
      for (const { dataType } of parameters) expect(dataType, name).toMatch(GP_TYPES);
  });

  it('has names that are identifiers of Python, different in any case', () => {
    const names = tasks.map(({ name }) => snakeCase(name));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(isIdentifier(name), name).toBe(true);
    for (const task of tasks) {
      const parameters = task.parameters.map(({ name }: { name: string }) => snakeCase(name));
      expect(new Set(parameters).size, task.name).toBe(parameters.length);
      for (const name of parameters) expect(isIdentifier(name), `${task.name} ${name}`).toBe(true);
      for (const taken of ['gis', 'future', 'estimate', 'self', 'kwargs'])
        expect(parameters).not.toContain(taken);
    }
  });

  it('has texts that survive being written between quotes', () => {
    for (const task of tasks) {
      expect(task.helpUrl).toMatch(/^http/);
      for (const one of [task, ...task.parameters]) {
        expect(one.displayName).not.toMatch(/["\n\\]/);
        expect(one.displayName).not.toBe('');
        expect(one.description).not.toMatch(/"""|\\|"$/);
      }
    }
  });

  it('gives feature parameters an empty feature set with their schema as default', () => {
    const features = tasks.flatMap(({ parameters }) =>
      parameters.filter(({ dataType }: { dataType: string }) => dataType === 'GPFeatureRecordSetLayer'),
    );
    expect(features.length).toBeGreaterThan(5);
    for (const { defaultValue } of features)
      expect(defaultValue).toMatchObject({
        geometryType: expect.stringMatching(/^esriGeometry/),
        spatialReference: { wkid: 4326, latestWkid: 4326 },
        fields: [{ name: 'OBJECTID', type: 'esriFieldTypeOID', alias: 'OBJECTID' }],
        features: [],
        exceededTransferLimit: false,
      });
  });
});

it('features and distance have the names agreed on', () => {
  const buffer = tasks.find(({ name }) => name === 'buffer');
  expect(buffer.parameters.map(({ name, dataType }: any) => `${name} ${dataType}`)).toEqual([
    'Input_Features GPFeatureRecordSetLayer',
    'Distance GPLinearUnit',
    'Unit GPString',
    'Segments GPLong',
    'Output_Crs GPString',
    'Coordinate_Precision GPLong',
    'Output_Features GPFeatureRecordSetLayer',
  ]);
});

it('choices are listed, and several values are a multi-value', () => {
  const parameter = (task: string, name: string): any =>
    tasks.find((one) => one.name === task).parameters.find((one: any) => one.name === name);
  expect(parameter('make_valid', 'Method')).toMatchObject({
    choiceList: ['structure', 'linework'],
    defaultValue: 'structure',
    parameterType: 'esriGPParameterTypeOptional',
  });
  expect(parameter('dissolve', 'By').dataType).toBe('GPMultiValue:GPString');
});
