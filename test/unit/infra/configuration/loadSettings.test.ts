import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownVariables } from '#infra/configuration/environmentKeys.ts';
import { loadSettings } from '#infra/configuration/loadSettings.ts';

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'plimsoll-settings-'));
});
afterEach(() => rmSync(checkout, { recursive: true }));

test('plimsoll.yaml of the checkout is read, and may be absent', () => {
  expect(loadSettings({ checkout, environment: {} }).settings.trading.account).toBe('paper-main');
  writeFileSync(join(checkout, 'plimsoll.yaml'), 'trading: { account: from-file }\n');
  expect(loadSettings({ checkout, environment: {} }).settings.trading.account).toBe('from-file');
});

test('CONFIGURATION_FILE_MISSING: a file that is named must be there', () => {
  expect(() => loadSettings({ checkout, environment: { PLIMSOLL_CONFIG: join(checkout, 'absent.yaml') } })).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_FILE_MISSING' }),
  );
});

test('every variable with our prefix that the code names is a known one', () => {
  const root = new URL('../../../../', import.meta.url);
  const rooms = ['activities', 'console', 'domain', 'infra', 'models', 'pipelines', 'workers', 'workflows'];
  const files = rooms.flatMap((room) =>
    readdirSync(new URL(room, root), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mjs)$/.test(file))
      .map((file) => `${room}/${file}`),
  );
  expect(files).toContain('infra/configuration/environmentKeys.ts');
  // Docstrings show variables of settings by example; only quoted names and properties of an environment are reads.
  const reads = /(?:env\.|environment\.|['"])(PLIMSOLL_\w*[A-Z])\b/g;
  const unknown = files.flatMap((file) =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(reads)]
      .map(([, variable = '']) => variable)
      .filter((variable) => !knownVariables.includes(variable))
      .map((variable) => `${file} reads ${variable}`),
  );
  expect(unknown).toEqual([]);
});
