import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.js';

export interface Look {
  width: number;
  scheme: 'light' | 'dark';
}

export const LOOKS: Look[] = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });

/** A person at a screen: a page, and everything the browser complained about. */
export interface Visitor {
  page: Page;
  complaints: string[];
  leave(): Promise<void>;
}

export async function visit(browser: Browser, { width, scheme }: Look = LOOKS[0]!): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.setDefaultTimeout(10_000);
  return { page, complaints, leave: () => context.close() };
}

interface AxeResults {
  violations: { id: string; impact?: string; help: string; nodes: { target: unknown[]; html: string }[] }[];
}

/** What axe finds serious or critical, one line each. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] })`,
  )) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    );
}

/** How far the page can be scrolled sideways, in pixels: on no screen should it. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(`document.documentElement.scrollWidth - innerWidth`);
