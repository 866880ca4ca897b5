import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer } from '../support/app.ts';

/** A person with a browser, from the services directory to a result on a map. */
const troubles = [];
let server, browser, page;

beforeAll(async () => {
  server = await startServer();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  page = await browser.newPage();
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const POINT = JSON.stringify({
  features: [{ geometry: { x: 8.3, y: 47 }, attributes: { name: '<b>Luzern</b>' } }],
});

it.each(['GET', 'POST'])('finds a task, submits its form with %s and ends on a map', async (method) => {
  await page.goto(`${server.url}/arcgis/rest/services`);
  await page.click('text=GP (GPServer)');
  await page.click('main >> text=buffer');
  await page.click('text=Submit Job');
  await page.fill('[name=Input_Features]', POINT);
  await page.fill('[name=Distance]', '10 Kilometers');
  await page.click(`text=Submit Job (${method})`);
  await page.waitForSelector('text=esriJobSucceeded', { timeout: 20_000 });
  await page.waitForSelector('.leaflet-container canvas', { timeout: 10_000 });
  expect(await page.textContent('.told')).toMatch(/1 feature/);
  expect(await page.textContent('#messages')).toMatch(/Succeeded/);
});

it('cancels from the page of a job', async () => {
  await page.goto(`${server.url}/arcgis/rest/services/GP/GPServer/echo/submitJob?Echo=long&Pause=60`);
  await page.click('text=Cancel Job');
  await page.waitForSelector('text=esriJobCancelled', { timeout: 15_000 });
});

it('reads an error as a page', async () => {
  await page.goto(`${server.url}/arcgis/rest/services/GP/GPServer/nothing`);
  expect(await page.textContent('main')).toMatch(/no task of this name/);
});

it('met no trouble on the way', () => {
  expect(troubles).toEqual([]);
});
