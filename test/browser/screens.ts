import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';

/** Sizes people look at, CSS pixels. */
const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** Writes pictures of a page, at desktop and phone size, light and dark, and leaves it at desktop size and light. */
export async function photograph(page: Page, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: path.join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize(sizes.desktop);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Writes one picture of a page of another maker, whose sizes and colours are not ours. */
export async function photographOnce(page: Page, folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** How far a page is wider than a phone's screen, CSS pixels; 0 when nothing sticks out. */
export async function phoneOverflow(page: Page): Promise<number> {
  await page.setViewportSize(sizes.phone);
  const [content, screen] = [
    await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth),
    await page.locator('html').evaluate(({ clientWidth }) => clientWidth),
  ];
  await page.setViewportSize(sizes.desktop);
  return content - screen;
}

/** The text of all frames of a page. */
export async function textOfFrames(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map((frame) => frame.locator('body').innerText()));
  return texts.join('\n');
}

/** Controls of a page that nothing names to whoever does not see it, as HTML. */
export async function namelessControls(page: Page): Promise<readonly string[]> {
  const controls = await page.locator('a, button, input:not([type=hidden]), textarea, [tabindex]').all();
  const nameless: string[] = [];
  for (const control of controls) {
    const snapshot = await control.ariaSnapshot();
    // `- button "Log out"`: a role, and then its name.
    if (!/^- \S+ "[^"]+"/.test(snapshot))
      nameless.push(await control.evaluate(({ outerHTML }) => outerHTML.slice(0, 200)));
  }
  return nameless;
}
