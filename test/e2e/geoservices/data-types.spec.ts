/** Dates, spans of time, record sets and value tables, in the forms of GP, both directions, and told alike by the other protocol. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { ask, askWell, gp, submitJob, untilOver } from '../../support/esri-client.js';
import { executeSync, submit, untilFinished } from '../../support/ogc-client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const at = (path: string): string => gp(server.url, path, 'GPSync');
type Values = Record<string, any>;
const resultsOf = async (task: string, parameters: Values): Promise<Values> => {
  const { results } = await askWell(at(`${task}/execute`), parameters);
  return Object.fromEntries(results.map(({ paramName, value }: Values) => [paramName, value]));
};
const faultOf = async (task: string, parameters: Values): Promise<string> =>
  (await ask(at(`${task}/execute`), parameters)).error.details.join('\n');
const seen = (...dates: unknown[]): object => ({
  features: dates.map((date, n) => ({
    geometry: { x: n, y: 46, spatialReference: { wkid: 4326 } },
    attributes: { seen: date },
  })),
});
const MAY = Date.UTC(2026, 4, 1);
const HOUR = 3_600_000;

describe('a task', () => {
  it('announces them by the types that clients know', async () => {
    const types = async (task: string): Promise<Values> => {
      const { parameters } = await askWell(at(task));
      return Object.fromEntries(parameters.map(({ name, dataType }: Values) => [name, dataType]));
    };
    expect(await types('count_by_time')).toEqual({
      Input_Features: 'GPFeatureRecordSetLayer',
      Attribute: 'GPString',
      Interval: 'GPTimeUnit',
      Start: 'GPDate',
      End: 'GPDate',
      Output_Windows: 'GPRecordSet',
      Output_Earliest: 'GPDate',
      Output_Span: 'GPTimeUnit',
    });
    expect(await types('table_to_points')).toMatchObject({ Table: 'GPRecordSet' });
    const { parameters } = await askWell(at('summary_statistics'));
    const table = parameters.find(({ name }: Values) => name === 'Statistics');
    expect(table).toMatchObject({ dataType: 'GPValueTable', defaultValue: null });
    expect(table.parameterInfos).toEqual([
      { name: 'attribute', dataType: 'GPString', displayName: 'Attribute' },
      expect.objectContaining({ name: 'statistic', choiceList: expect.arrayContaining(['mean']) }),
    ]);
  });
});

describe('a date and a span of time', () => {
  it.each([
    ['milliseconds', MAY, { time: 1, units: 'esriTimeUnitsDays' }],
    ['milliseconds as text', String(MAY), '24 Hours'],
    ['a text', '2026-05-01T00:00:00', '86400'],
    ['a text with a space', '2026-05-01 00:00:00', { time: '1440', units: 'esriTimeUnitsMinutes' }],
    [
      'a day, with its format',
      { date: '2026-05-01', format: 'yyyy-MM-dd' },
      { time: 86_400_000, units: 'esriTimeUnitsMilliseconds' },
    ],
    ['an offset', '2026-05-01T02:00:00+02:00', { time: 86_400 }],
  ])('come as %s', async (_, Start, Interval) => {
    const answer = await resultsOf('count_by_time', {
      Input_Features: seen(MAY + 8 * HOUR, '2026-05-01T21:30:00Z', MAY + 48 * HOUR),
      Attribute: 'seen',
      Interval,
      Start,
    });
    expect(answer.Output_Windows.features.map(({ attributes }: Values) => attributes)).toEqual(
      [2, 0, 1].map((count, n) => ({
        start: new Date(MAY + n * 24 * HOUR).toISOString(),
        end: new Date(MAY + (n + 1) * 24 * HOUR).toISOString(),
        count,
      })),
    );
    expect(answer.Output_Earliest).toBe(MAY + 8 * HOUR);
    expect(answer.Output_Span).toEqual({ time: 40 * 3600, units: 'esriTimeUnitsSeconds' });
  });

  it('that are none are told by their names', async () => {
    const good = { Input_Features: seen(MAY), Attribute: 'seen', Interval: '1 Days' };
    for (const Start of ['yesterday', '2026-02-30', '2026-05-01T25:00', 1e20, { day: 1 }, '9'.repeat(16)])
      expect(await faultOf('count_by_time', { ...good, Start }), JSON.stringify(Start)).toMatch(/^Start /);
    for (const Interval of [
      'soon',
      '0',
      '-1 Days',
      '3 Meters',
      { time: 'x' },
      { time: 1, units: 'esriMeters' },
      [1],
    ])
      expect(await faultOf('count_by_time', { ...good, Interval }), JSON.stringify(Interval)).toMatch(
        /^Interval /,
      );
    const tooMany = await ask(at('count_by_time/execute'), {
      ...good,
      Input_Features: seen(0, MAY),
      Interval: { time: 1, units: 'esriTimeUnitsMilliseconds' },
    });
    expect(tooMany.error).toMatchObject({ code: 413 });
  });
});

describe('a record set', () => {
  const records = {
    fields: [{ name: 'lon', type: 'esriFieldTypeDouble' }],
    features: [
      { attributes: { name: 'Dom', lon: 7.8589, lat: 46.0938 } },
      { attributes: { name: 'nowhere', lon: null, lat: 46 } },
    ],
  };
  const wanted = { X: 'lon', Y: 'lat' };

  it('comes as records, as rows, and as CSV or JSON of an upload', async () => {
    const upload = async (text: string, name: string): Promise<string> => {
      const form = new FormData();
      form.set('f', 'json');
      form.set('file', new Blob([text]), name);
      const reply = await fetch(at('uploads/upload'), { method: 'POST', body: form });
      return ((await reply.json()) as Values).item.itemID;
    };
    const csv = '\uFEFFname,lon,lat\r\nDom,7.8589,46.0938\r\n"nowhere",,46\r\n';
    for (const Table of [
      records,
      { featureSet: records },
      records.features.map(({ attributes }) => attributes),
      { itemID: await upload(csv, 'summits.csv') },
      { itemID: await upload(JSON.stringify(records), 'summits.json') },
    ]) {
      const { Output_Features: set } = await resultsOf('table_to_points', { Table, ...wanted });
      expect(set.features).toHaveLength(2);
      expect(set.features[0]).toMatchObject({
        attributes: { name: 'Dom', lat: 46.0938 },
        geometry: { x: 7.8589, y: 46.0938 },
      });
      expect(set.features[1].geometry).toBeUndefined();
    }
  });

  it('that is none is told by its name', async () => {
    for (const Table of ['x', 5, [1], { features: [{}] }, [{ a: { b: 1 } }], '[{"lon": 1}]'])
      expect(await faultOf('table_to_points', { Table, ...wanted }), JSON.stringify(Table)).toMatch(
        /[Tt]able/,
      );
  });
});

describe('a value table', () => {
  const districts = {
    features: [
      ['north', 120],
      ['north', 80],
      ['south', null],
    ].map(([region, people], n) => ({
      geometry: { x: n, y: 46, spatialReference: { wkid: 4326 } },
      attributes: { region, people },
    })),
  };

  it('comes as rows by the order of its columns, and is shown so again', async () => {
    const statistics = [
      ['people', 'SUM'],
      ['people', 'standard-deviation'],
    ];
    const parameters = { Input_Features: districts, Statistics: statistics, By: '["region"]' };
    const { Output_Table: set } = await resultsOf('summary_statistics', parameters);
    expect(set).toEqual({
      displayFieldName: '',
      fields: [
        { name: 'region', alias: 'region', type: 'esriFieldTypeString' },
        { name: 'features', alias: 'features', type: 'esriFieldTypeInteger' },
        { name: 'sum_people', alias: 'sum_people', type: 'esriFieldTypeInteger' },
        {
          name: 'standard-deviation_people',
          alias: 'standard-deviation_people',
          type: 'esriFieldTypeDouble',
        },
      ],
      features: [
        {
          attributes: {
            region: 'north',
            features: 2,
            sum_people: 200,
            'standard-deviation_people': Math.sqrt(800),
          },
        },
        { attributes: { region: 'south', features: 1, sum_people: null, 'standard-deviation_people': null } },
      ],
      exceededTransferLimit: false,
    });
    const job = await submitJob(server.url, 'summary_statistics', parameters);
    await untilOver(job);
    expect((await askWell(`${job}/inputs/Statistics`)).value).toEqual([
      ['people', 'sum'],
      ['people', 'standard-deviation'],
    ]);
  });

  it('that has other columns, or another choice, is told', async () => {
    for (const [Statistics, why] of [
      [[['people']], 'the columns are attribute, statistic'],
      [[['people', 'most']], 'must be one of count'],
      [[{ attribute: 'people', statistic: 'sum', more: 1 }], 'is no column'],
      [[{ attribute: 'people' }], 'is required'],
      ['sum', 'must be an array of rows'],
    ] as const)
      expect(await faultOf('summary_statistics', { Input_Features: districts, Statistics })).toContain(why);
  });
});

it('what came by one protocol is shown by the other', async () => {
  const inputs = {
    features: { type: 'Feature', properties: { seen: '2026-05-01' }, geometry: null },
    attribute: 'seen',
    interval: 'PT1H',
    start: '2026-05-01',
  };
  const job = await submit(server.url, 'count-by-time', { inputs });
  await untilFinished(job);
  const esri = gp(server.url, `count_by_time/jobs/j${job.split('/').at(-1)!.replaceAll('-', '')}`);
  const shown = async (path: string): Promise<unknown> => (await askWell(`${esri}/${path}`)).value;
  expect(await shown('inputs/Start')).toBe(MAY);
  expect(await shown('inputs/Interval')).toEqual({ time: 3600, units: 'esriTimeUnitsSeconds' });
  expect(await shown('results/Output_Earliest')).toBe(MAY);
  expect(await shown('results/Output_Span')).toEqual({ time: 0, units: 'esriTimeUnitsSeconds' });
  expect(await executeSync(server.url, 'count-by-time', { inputs, response: 'document' })).toMatchObject({
    earliest: '2026-05-01T00:00:00.000Z',
    span: 'PT0S',
    windows: [{ count: 1 }],
  });
});
