import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/app.js';
import { ask, askWell, gp, pointSet, submitJob, untilOver } from '../../support/esri-client.js';

/** Files sent ahead, whole and in parts, and named by their itemID. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ Limits__MaxArtifactSizeBytes: '2MiB', Uploads__MaxPerTenant: '20' });
});
afterAll(() => server.close());

const at = (path: string, service = 'GP'): string => gp(server.url, path, service);
const form = (fields: Record<string, string | Blob>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (typeof value === 'string') data.set(name, value);
    else data.set(name, value, 'points.json');
  return data;
};
const send = async (path: string, fields: Record<string, string | Blob>): Promise<any> => {
  const reply = await fetch(at(path), { method: 'POST', body: form(fields) });
  expect(reply.status).toBe(200);
  return reply.json();
};
const json = (value: unknown): Blob => new Blob([JSON.stringify(value)], { type: 'application/json' });
const upload = async (content: Blob): Promise<string> =>
  (await send('uploads/upload', { f: 'json', file: content })).item.itemID;
const KM = { distance: 1, units: 'esriKilometers' };
const buffered = (reference: object): Promise<any> =>
  ask(at('buffer/execute', 'GPSync'), { Input_Features: reference, Distance: KM });

describe('a file', () => {
  it('is announced by the service, in the words that clients look for', async () => {
    expect((await askWell(at(''))).capabilities).toBe('Uploads');
    for (const path of ['uploads', 'uploads/info'])
      expect(await askWell(at(path))).toEqual({ maxUploadFileSize: 2, maxUploadFileSizeUnit: 'MB' });
  });

  it('is taken with its name and description, whatever stands after it in the form', async () => {
    const { success, item } = await send('uploads/upload', {
      file: json(pointSet(8.3, 47)),
      description: 'Where we met',
      f: 'json',
    });
    expect(success).toBe(true);
    expect(item).toEqual({
      itemID: expect.stringMatching(/^i[0-9a-f]{32}$/),
      itemName: 'points.json',
      description: 'Where we met',
      date: expect.any(Number),
      committed: true,
    });
    expect(Math.abs(item.date - Date.now())).toBeLessThan(60_000);
    expect(await askWell(at(`uploads/${item.itemID}`))).toEqual(item);
  });

  it('stands for features, as a feature set in its own spatial reference, as GeoJSON and as WKT', async () => {
    const there = pointSet(924_000, 5_950_000, 102100, { OBJECTID: 0, name: 'Luzern' });
    const sent = await buffered(there);
    const named = await buffered({ itemID: await upload(json(there)) });
    expect(named.results).toEqual(sent.results);
    expect(named.results[0].value.spatialReference.wkid).toBe(102100);
    for (const content of [
      json({ type: 'Point', coordinates: [8.3, 47] }),
      new Blob(['POINT (8.3 47)'], { type: 'text/plain' }),
    ]) {
      const { results } = await buffered({ itemID: await upload(content) });
      expect(results[0].value.features[0].geometry.rings[0].length).toBeGreaterThan(60);
    }
  });

  it('is named by a job, which shows what it was given and keeps its copy', async () => {
    const itemID = await upload(json(pointSet(8.3, 47)));
    const job = await submitJob(server.url, 'buffer', { Input_Features: { itemID }, Distance: KM });
    expect((await untilOver(job)).jobStatus).toBe('esriJobSucceeded');
    expect((await askWell(`${job}/inputs/Input_Features`)).value).toEqual({ itemID });
    expect(await askWell(at(`uploads/${itemID}/delete`))).toEqual({ success: true, itemID });
    expect((await ask(at(`uploads/${itemID}`))).error.code).toBe(404);
    expect((await askWell(`${job}/results/Output_Features`)).value.features).toHaveLength(1);
  });

  it('that is not there, or holds no features, is told by the name of the parameter', async () => {
    const gone = await buffered({ itemID: `i${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(15)}` });
    expect(gone.error).toMatchObject({ code: 400, details: [expect.stringContaining('Input_Features')] });
    expect((await buffered({ itemID: 'i1' })).error.details[0]).toContain('Input_Features');
    for (const content of [
      json({ features: [{ geometry: { x: 'a', y: 1 } }] }),
      json([1]),
      new Blob(['PK']),
    ]) {
      const { error } = await buffered({ itemID: await upload(content) });
      expect(error.code).toBe(400);
      expect(error.details[0]).toContain('Input_Features');
    }
  });
});

describe('parts', () => {
  const register = async (): Promise<string> => {
    const { success, item } = await askWell(at('uploads/register'), {
      itemName: 'big.json',
      description: 'x',
    });
    expect(success).toBe(true);
    expect(item).toMatchObject({ itemName: 'big.json', committed: false });
    return item.itemID;
  };
  const part = (itemID: string, partId: string, text: string): Promise<any> =>
    send(`uploads/${itemID}/uploadPart`, { f: 'json', partId, partFile: new Blob([text]) });
  const text = JSON.stringify(pointSet(8.3, 47));

  it('come in any order and again, and are one file when they are committed', async () => {
    const itemID = await register();
    expect(await part(itemID, '2', text.slice(10))).toEqual({ success: true, partId: 2 });
    await part(itemID, '1', 'wrong');
    await part(itemID, '1', text.slice(0, 10));
    const early = await buffered({ itemID });
    expect(early.error.details[0]).toContain('Input_Features');
    const { success, item } = await askWell(at(`uploads/${itemID}/commit`), { parts: '1,2' });
    expect([success, item.committed]).toEqual([true, true]);
    expect((await buffered({ itemID })).results[0].value.features).toHaveLength(1);
    expect((await ask(at(`uploads/${itemID}/commit`))).error.code).toBe(409);
    expect((await part(itemID, '3', 'x')).error.code).toBe(409);
  });

  it('that are missing are named', async () => {
    const itemID = await register();
    expect((await ask(at(`uploads/${itemID}/commit`))).error.details[0]).toMatch(/No part/);
    await part(itemID, '1', text);
    expect((await ask(at(`uploads/${itemID}/commit`), { parts: '1,4,7' })).error.details[0]).toContain(
      '4, 7',
    );
    expect((await ask(at(`uploads/${itemID}/commit`), { parts: 'all' })).error.details[0]).toContain('parts');
    expect(await askWell(at(`uploads/${itemID}/delete`))).toHaveProperty('success', true);
  });

  it.each(['0', '-1', '1.5', 'one', ''])('have no number such as "%s"', async (partId) => {
    const itemID = await register();
    expect((await part(itemID, partId, 'x')).error.code).toBe(400);
    await askWell(at(`uploads/${itemID}/delete`));
  });

  it('together are no larger than a file may be', async () => {
    const itemID = await register();
    const much = 'x'.repeat(1_500_000);
    await part(itemID, '1', much);
    await part(itemID, '2', much);
    expect((await ask(at(`uploads/${itemID}/commit`))).error.code).toBe(413);
    expect((await part(itemID, '3', much + much)).error.code).toBe(413);
    await askWell(at(`uploads/${itemID}/delete`));
  });
});

describe('errors', () => {
  it('are the envelope, whatever is sent', async () => {
    expect((await send('uploads/upload', { f: 'json', description: 'no file' })).error.code).toBe(400);
    expect(
      (await send('uploads/upload', { file: new Blob(['x'.repeat(2_200_000)]), f: 'json' })).error.code,
    ).toBe(413);
    expect((await ask(at('uploads/register'))).error.details[0]).toContain('itemName');
    expect((await ask(at('uploads/nothing'))).error.code).toBe(404);
    expect((await ask(at('uploads/nothing/commit'))).error.code).toBe(404);
    expect((await ask(at('uploads/i1/uploadPart'))).error.code).toBe(400);
    expect((await ask(`${server.url}/arcgis/rest/services/None/GPServer/uploads`)).error.code).toBe(404);
    const broken = await fetch(at('uploads/upload?f=json'), {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    });
    expect(broken.status).toBe(200);
    expect((await broken.json()).error.code).toBe(400);
  });

  it('tell when there is no room for more', async () => {
    const items: string[] = [];
    for (let i = 0; i < 25; i++) {
      const { item, error } = await send('uploads/upload', { f: 'json', file: new Blob(['x']) });
      if (error) {
        expect(error.code).toBe(429);
        break;
      }
      items.push(item.itemID);
    }
    expect(items.length).toBeLessThan(25);
    for (const itemID of items) await askWell(at(`uploads/${itemID}/delete`));
  });
});

describe('with logins', () => {
  let secured: TestServer;
  beforeAll(async () => {
    secured = await startServer({ Identity__Logins: 'ana:a@acme, bob:b@beta' });
  });
  afterAll(() => secured.close());
  const tokenOf = async (username: string, password: string): Promise<string> =>
    (await ask(`${secured.url}/arcgis/tokens/`, { username, password })).token;

  it('a file needs a token, in its form too, and is its tenant’s alone', async () => {
    const url = gp(secured.url, 'uploads/upload');
    const post = async (fields: Record<string, string | Blob>): Promise<any> =>
      (await fetch(url, { method: 'POST', body: form({ f: 'json', ...fields }) })).json();
    const file = json(pointSet(8.3, 47));
    expect((await post({ file })).error.code).toBe(499);
    expect((await post({ token: 'nonsense', file })).error.code).toBe(498);
    const { item } = await post({ token: await tokenOf('ana', 'a'), file });
    const token = await tokenOf('bob', 'b');
    expect((await ask(gp(secured.url, `uploads/${item.itemID}`), { token })).error.code).toBe(404);
    const stolen = await ask(gp(secured.url, 'buffer/execute'), {
      Input_Features: { itemID: item.itemID },
      Distance: KM,
      token,
    });
    expect(stolen.error.code).toBe(400);
    expect((await ask(gp(secured.url, `uploads/${item.itemID}/delete`), { token })).error.code).toBe(404);
  });
});

it('a person gets a form, and a page of what was sent', async () => {
  const read = async (path: string): Promise<string> => (await fetch(at(path))).text();
  expect(await read('uploads')).toContain('Largest file');
  expect(await read('uploads/upload')).toContain('type="file"');
  const page = await fetch(at('uploads/upload'), {
    method: 'POST',
    body: form({ f: 'html', description: '<b>x</b>', file: json(pointSet(1, 2)) }),
  });
  const text = await page.text();
  expect(text).toMatch(/Item ID.*i[0-9a-f]{32}/s);
  expect(text).toContain('&lt;b>x&lt;/b>');
});
