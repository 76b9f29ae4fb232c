import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tearSheetHtml, tearSheetParts } from '#pipelines/tearSheet.ts';
import { leftOutOf } from '#pipelines/tearSheet/part.ts';
import { writtenFiles } from '../unit/console/sheetFiles.ts';
import { plimsoll } from '../unit/console/commandLine.ts';
import { modelSheet, randomSheet } from '../unit/pipelines/tearSheet/sheets.ts';
import { findChromium } from './chromium.ts';
import { inkedPart, pngPixels } from './pngPixels.ts';
import { phoneOverflow, photograph } from './screens.ts';

const found = findChromium(process.env['PLIMSOLL_CHROMIUM']);
if (found.kind === 'missing') console.warn(found.line);

const viewports = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;

describe.skipIf(found.kind === 'missing')('a tear sheet in a browser', () => {
  let browser: Browser;
  let page: Page;
  let folder: string;
  let screens: string;
  const faults: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    if (found.kind === 'missing') return;
    folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-sheet-'));
    screens = process.env['PLIMSOLL_SCREENSHOTS'] ?? folder;
    browser = await chromium.launch({ executablePath: found.executable, args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => asked.push(request.url()));
  });
  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** Every picture that is visible, and the part of its pixels that are not paper. */
  async function drawnParts(): Promise<readonly { readonly label: string; readonly part: number }[]> {
    const pictures = await page.locator('svg:visible').all();
    const parts: { label: string; part: number }[] = [];
    for (const picture of pictures) {
      const label = (await picture.getAttribute('aria-label')) ?? '';
      parts.push({ label, part: inkedPart(pngPixels(await picture.screenshot())) });
    }
    return parts;
  }

  async function open(file: string): Promise<void> {
    asked.length = 0;
    faults.length = 0;
    await page.goto(pathToFileURL(file).href);
  }

  async function everyPictureIsDrawn(count: number): Promise<void> {
    for (const viewport of Object.values(viewports)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        const drawn = await drawnParts();
        expect(drawn).toHaveLength(count);
        expect(drawn.filter(({ label, part }) => label === '' || part < 0.005)).toEqual([]);
      }
    }
    expect(await phoneOverflow(page)).toBe(0);
  }

  test('with everything on it has every picture drawn, wide and narrow, light and dark, and no fault', async () => {
    const sheet = randomSheet(900);
    const file = path.join(folder, 'whole.html');
    await writeFile(file, tearSheetHtml(sheet, tearSheetParts(sheet)));
    await open(file);
    await photograph(page, screens, 'sheet-whole');
    // Growth, drawdown, rolling Sharpe and beta, exposure, turnover, costs, windows, fan, two crises, trades.
    await everyPictureIsDrawn(12);
    expect(faults).toEqual([]);
    // The page itself, and nothing else.
    expect(asked).toHaveLength(1);
  });

  test('of a model that was validated lacks nothing, and has every picture drawn', async () => {
    const sheet = modelSheet();
    const parts = tearSheetParts(sheet);
    expect(leftOutOf(parts)).toEqual([]);
    const file = path.join(folder, 'model.html');
    await writeFile(file, tearSheetHtml(sheet, parts));
    await open(file);
    await photograph(page, screens, 'sheet-model');
    // As above, with the one crisis that its sessions cover.
    await everyPictureIsDrawn(11);
    expect([faults, asked.length]).toEqual([[], 1]);
  });

  test('of plain files by the command is as sound, and names what it leaves out', async () => {
    const { returns, benchmark, trades } = await writtenFiles(folder);
    const output = path.join(folder, 'plain.html');
    const line = `tearsheet --returns ${returns} --benchmark ${benchmark} --trades ${trades} --output ${output}`;
    expect(await plimsoll(line)).toMatchObject({ exitCode: 0, error: '' });
    await open(output);
    await photograph(page, screens, 'sheet-plain');
    await everyPictureIsDrawn(8);
    expect([faults, asked.length]).toEqual([[], 1]);
    const missing = page.getByRole('heading', { name: 'Not on this sheet' }).locator('..');
    expect(await missing.innerText()).toContain('the file of returns has no column exposure.');
  });

  test('an empty picture and a fault would be noticed', async () => {
    await page.setContent('<svg width="300" height="200" aria-label="nothing"></svg>');
    await page.evaluate("console.error('x')");
    expect(await drawnParts()).toEqual([{ label: 'nothing', part: 0 }]);
    expect(faults).toContain('x');
  });
});
