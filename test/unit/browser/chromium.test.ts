import { expect, test } from 'vitest';
import { findChromium } from '#test/browser/chromium.ts';

test('a browser that was named is taken, and no other in its place', () => {
  const exists = (path: string): boolean => path !== '/nowhere/chrome';
  expect(findChromium('/opt/chrome', exists)).toEqual({ kind: 'found', executable: '/opt/chrome' });
  expect(findChromium('/nowhere/chrome', exists)).toMatchObject({ kind: 'missing' });
});

test('the first of the usual places that is there is taken', () => {
  const exists = (path: string): boolean => path.includes('google-chrome');
  expect(findChromium(undefined, exists)).toEqual({ kind: 'found', executable: '/usr/bin/google-chrome' });
});

test('where there is none, a line says where it was looked for and what to set', () => {
  const lookup = findChromium('', () => false);
  expect(lookup.kind === 'missing' && lookup.line).toMatch(
    /^skipped: no Chromium at \/usr\/bin\/chromium, .*PLIMSOLL_CHROMIUM/,
  );
});
