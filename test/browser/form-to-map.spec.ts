import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/app.js';
import { launch, type Visitor, visit } from './visitor.js';

let server: TestServer;
let browser: Browser;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  server = await startServer();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  visitor = await visit(browser);
  page = visitor.page;
});
afterEach(() => visitor.leave());

const features = async (): Promise<any> =>
  JSON.parse(await page.getByLabel('Features', { exact: true }).inputValue());

it('runs a process from its form to the map, and again with other inputs', async () => {
  await page.goto(`${server.url}/processes`);
  await page.getByRole('searchbox').fill('proximity');
  await page.getByRole('link', { name: 'Buffer', exact: true }).click();
  await page.getByRole('button', { name: 'Run Buffer' }).click();
  await page.waitForURL('**/jobs/*');
  await page.getByText('1 feature.').waitFor();
  await page.locator('.result-body .leaflet-container canvas').first().waitFor();
  expect(await page.locator('.run-line').textContent()).toContain('Successful');
  expect(await page.getByRole('row').count()).toBe(2);
  await page.getByRole('button', { name: 'Show row 1 on the map' }).click();
  expect(await page.locator('tr[aria-current]').count()).toBe(1);

  await page.getByRole('link', { name: 'Change it and run it again' }).click();
  expect(await features()).toEqual({ type: 'Point', coordinates: [8.3093, 47.0502] });
  await page.getByLabel('Distance', { exact: true }).fill('25');
  await page.getByLabel('Run as a job and watch it').check();
  await page.getByRole('button', { name: 'Run Buffer' }).click();
  await page.waitForURL('**/jobs/*');
  await page.getByText('1 feature.').waitFor();
  expect(await page.getByRole('region', { name: 'The request as it was sent' }).textContent()).toContain(
    '"value": 25',
  );
  expect(visitor.complaints).toEqual([]);
});

it('draws with a mouse, and with the keyboard', async () => {
  await page.goto(`${server.url}/processes/buffer`);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'Polygon' }).click();
  const map = page.locator('#map');
  for (const [x, y] of [
    [200, 100],
    [300, 100],
    [300, 200],
  ] as const)
    await map.click({ position: { x, y } });
  await page.getByRole('button', { name: 'Finish' }).click();
  expect((await features()).geometry).toMatchObject({ type: 'Polygon' });
  expect((await features()).geometry.coordinates[0]).toHaveLength(4);

  await page.getByRole('button', { name: 'Line' }).focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('map');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(500);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Enter');
  const drawn = await features();
  expect(drawn.features.map(({ geometry }: any) => geometry.type)).toEqual(['Polygon', 'LineString']);
  const [[from], [to]] = drawn.features[1].geometry.coordinates;
  expect(to).toBeGreaterThan(from);
  expect(visitor.complaints).toEqual([]);
});

it('takes a file, and says what it holds', async () => {
  await page.goto(`${server.url}/processes/buffer`);
  const point = (x: number): object => ({
    type: 'Feature',
    properties: { x },
    geometry: { type: 'Point', coordinates: [x / 100, 47] },
  });
  const many = { type: 'FeatureCollection', features: Array.from({ length: 6_000 }, (_, x) => point(x)) };
  await page.locator('input[type=file]').setInputFiles({
    name: 'many.geojson',
    mimeType: 'application/geo+json',
    buffer: Buffer.from(JSON.stringify(many)),
  });
  await page.getByText('6000 features: too many to draw here').waitFor();
  await page.getByLabel('Distance', { exact: true }).fill('1');
  await page.getByRole('button', { name: 'Run Buffer' }).click();
  await page.waitForURL('**/jobs/*');
  await page.getByText('6,000 features').first().waitFor();
  await page.getByText('1 to 20 of 6,000').waitFor();
  await page.getByRole('button', { name: 'x', exact: true }).click();
  await page.getByRole('button', { name: 'x ↑' }).click();
  expect(await page.locator('.feature-table td.number').first().textContent()).toBe('5999');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('21 to 40 of 6,000').waitFor();
});

it('shows what is wrong at the field where it is wrong', async () => {
  await page.goto(`${server.url}/processes/buffer`);
  const box = page.getByLabel('Features', { exact: true });
  await box.fill('');
  await page.getByRole('button', { name: 'Run Buffer' }).click();
  expect(await box.getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator('#input-features-error').textContent()).toBe('A value is needed here.');
  await box.fill('{"type": ');
  await page.getByRole('button', { name: 'Run Buffer' }).click();
  expect(await page.locator('#input-features-error').textContent()).toContain('This is not JSON');

  await box.fill('POINT (8 47)');
  await page.getByLabel('Segments per quarter circle', { exact: true }).fill('3');
  await page.getByRole('button', { name: 'Run Buffer' }).click();
  const wrong = page.locator('#input-segments-error');
  await wrong.filter({ hasText: /\S/ }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('input-segments');
  expect(
    await page.getByLabel('Segments per quarter circle', { exact: true }).getAttribute('aria-describedby'),
  ).toContain('input-segments-error');
  expect(page.url()).toContain('/processes/buffer');
});

it('prints the request that it sends', async () => {
  await page.goto(`${server.url}/processes/echo`);
  await page.getByLabel('Text', { exact: true }).fill(`it's <b>"bold"</b>`);
  await page.getByLabel('Run as a job and watch it').check();
  await page.locator('#curl', { hasText: `it'\\''s` }).waitFor();
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  const curl = await page.locator('#curl').textContent();
  await page.getByRole('button', { name: 'Run Echo' }).click();
  const request = await sent;
  const [, url, data] = /^curl -X POST '([^']+)'[^]*--data-binary '([^]*)'$/.exec(curl!)!;
  expect(url!.replace('localhost', '127.0.0.1')).toBe(request.url());
  expect(data!.replaceAll(`'\\''`, `'`)).toBe(request.postData());
  expect(curl).toContain(`-H 'Prefer: respond-async'`);
});

it('follows a run as it moves, and cancels it', async () => {
  await page.goto(`${server.url}/processes/echo`);
  await page.getByLabel('Pause in seconds', { exact: true }).fill('3');
  await page.getByLabel('Run as a job and watch it').check();
  await page.getByRole('button', { name: 'Run Echo' }).click();
  await page.waitForURL('**/jobs/*');
  const seen = new Set<string>();
  await expect
    .poll(
      async () => {
        seen.add((await page.locator('[data-part=progress]').allTextContents()).join());
        return page.locator('.run-line').textContent();
      },
      { timeout: 10_000, interval: 100 },
    )
    .toContain('Successful');
  expect(seen.size).toBeGreaterThan(2);
  expect(await page.getByText('"Hello"').count()).toBeGreaterThan(0);

  await page.goto(`${server.url}/processes/echo`);
  await page.getByLabel('Pause in seconds', { exact: true }).fill('25');
  await page.getByLabel('Run as a job and watch it').check();
  await page.getByRole('button', { name: 'Run Echo' }).click();
  await page.getByRole('button', { name: 'Cancel this run' }).click();
  await page.locator('.run-line', { hasText: 'Dismissed' }).waitFor();
  expect(visitor.complaints).toEqual([]);
});

it('reads well without scripts', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${server.url}/processes/buffer`);
  expect(await plain.locator('#curl').textContent()).toContain(`${server.url}/processes/buffer/execution`);
  expect(await plain.content()).toContain('Filling this form in needs JavaScript.');
  expect(await plain.getByRole('button', { name: 'Run Buffer' }).isVisible()).toBe(false);
  await plain.goto(`${server.url}/jobs`);
  await plain.getByRole('link', { name: 'Failed' }).click();
  expect(new URL(plain.url()).search).toBe('?status=failed');
  await context.close();
});

it('fills its form in with every example of every process, so that the request is the example', async () => {
  const { processes } = await (await fetch(`${server.url}/processes?limit=1000`)).json();
  for (const { id } of processes as { id: string }[]) {
    await page.goto(`${server.url}/processes/${id}`);
    const examples = JSON.parse((await page.locator('#run-form').getAttribute('data-examples'))!);
    for (const [index, { inputs }] of examples.entries()) {
      await page.getByLabel('Start from').selectOption(String(index));
      const curl = (await page.locator('#curl').textContent())!;
      const [, data] = /--data-binary '([^]*)'$/.exec(curl) ?? [];
      expect(data, `${id}, example ${index + 1}: ${curl}`).toBeDefined();
      expect(JSON.parse(data!.replaceAll(`'\\''`, `'`)), `${id}, example ${index + 1}`).toEqual({ inputs });
    }
  }
  expect(visitor.complaints).toEqual([]);
}, 180_000);
