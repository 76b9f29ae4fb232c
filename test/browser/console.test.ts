import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { passwords, type MemoryDeskFaults } from '../unit/console/memoryDesk.ts';
import { championDigest } from '../unit/console/memoryEvidence.ts';
import { openConsole, type VisitedConsole } from '../unit/console/visitedConsole.ts';
import { findChromium } from './chromium.ts';
import { namelessControls, phoneOverflow, photograph } from './screens.ts';

// What a whole demonstration never comes to in a few minutes: two versions, several runs, servers that are down.
const found = findChromium(process.env['PLIMSOLL_CHROMIUM']);
if (found.kind === 'missing') console.warn(found.line);

const candidate = '/models/promote%3Aforecaster%3A3%3Afirst';

describe.skipIf(found.kind === 'missing')('the console in a browser without scripts', () => {
  let browser: Browser;
  let context: BrowserContext;
  let visited: VisitedConsole;
  let folder: string;
  let screens: string;

  beforeAll(async () => {
    if (found.kind === 'missing') return;
    folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-console-'));
    screens = process.env['PLIMSOLL_SCREENSHOTS'] ?? folder;
    browser = await chromium.launch({ executablePath: found.executable, args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    await context?.close();
    await visited?.server.close();
  });
  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** Somebody who logged in to a console with these faults. */
  async function visitor(faults: MemoryDeskFaults): Promise<Page> {
    visited = await openConsole({ faults, now: Date.now });
    await visited.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = visited.server.server.address() as AddressInfo;
    context = await browser.newContext({ javaScriptEnabled: false, baseURL: `http://127.0.0.1:${port}` });
    const page = await context.newPage();
    await page.goto('/login');
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(passwords['ada']!);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/models');
    return page;
  }

  test.each([
    ['champion', candidate, { champion: championDigest }],
    ['champion-silent', candidate, { mlflowDown: true }],
    ['promotion-silent', candidate, { temporalDown: true, champion: championDigest }],
    ['models-silent', '/models', { temporalDown: true }],
    ['runs', '/runs', {}],
    ['runs-silent', '/runs', { mlflowDown: true }],
    ['accounts', '/accounts', {}],
    ['account', '/accounts/paper-main', {}],
    ['account-guard-silent', '/accounts/paper-main', { temporalDown: true }],
    ['sessions', '/sessions', {}],
  ] as const)('%s: fits a phone, and every control has a name', async (name, address, faults) => {
    const page = await visitor(faults);
    await page.goto(address);
    await photograph(page, screens, `page-${name}`);
    expect(await phoneOverflow(page)).toBe(0);
    expect(await namelessControls(page)).toEqual([]);
  });

  test('a control without a name is noticed', async () => {
    const page = await visitor({});
    await page.setContent('<button aria-label="Halt">x</button><input type="text"><a href="/"></a>');
    expect(await namelessControls(page)).toHaveLength(2);
  });

  test('runs are chosen and compared by keyboard alone', async () => {
    const page = await visitor({});
    await page.goto('/runs');
    for (const name of ['forecaster 33333333', 'forecaster 22222222']) {
      await page.getByRole('checkbox', { name }).focus();
      await page.keyboard.press('Space');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '2 training runs' }).waitFor();
    const parameters = page.getByRole('region', { name: 'Parameters' });
    expect(await parameters.getByRole('row', { name: 'learningRate 0.001 0.003 differs' }).count()).toBe(1);
    await photograph(page, screens, 'page-compare');
    expect(await phoneOverflow(page)).toBe(0);
  });

  test("a candidate's page leads by links to the champion's review and to the workflows in Temporal", async () => {
    const page = await visitor({ champion: championDigest });
    await page.goto(candidate);
    const promotion = await page.getByRole('link', { name: 'this promotion' }).getAttribute('href');
    expect(promotion).toMatch(/\/workflows\/promote%3Aforecaster%3A3%3Afirst$/);
    await page.getByRole('link', { name: 'review', exact: true }).click();
    expect(page.url()).toMatch(/\/models\/promote%3Aforecaster%3A2%3Afirst$/);
  });

  test('the first press of Tab offers the way to the content', async () => {
    const page = await visitor({});
    await page.goto('/accounts');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#content$/);
  });

  test('with PostgreSQL down somebody who was logged in halts an account by its name', async () => {
    const postgres = { isDown: false };
    const page = await visitor({ postgres });
    postgres.isDown = true;
    await page.goto('/accounts');
    await photograph(page, screens, 'page-accounts-silent');
    expect(await phoneOverflow(page)).toBe(0);
    await page.getByLabel('Account').fill('paper-main');
    await page.getByRole('button', { name: 'Halt it' }).click();
    await page.getByLabel('Why').fill('books cannot be seen');
    await page.getByRole('button', { name: 'Halt paper-main now' }).click();
    await page.getByText('HALT_INCOMPLETE').waitFor();
    await photograph(page, screens, 'page-halt-incomplete');
    await context.clearCookies();
    await page.goto('/accounts');
    await page.context().addCookies([{ name: 'plimsoll-login', value: 'x', url: new URL('/', page.url()).href }]);
    await page.goto('/accounts');
    await page.getByRole('heading', { name: 'PostgreSQL does not answer' }).waitFor();
    await photograph(page, screens, 'page-outage');
    expect(await phoneOverflow(page)).toBe(0);
  });
});
