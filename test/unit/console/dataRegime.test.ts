import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionsBetween } from '#domain/calendar.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { plimsoll } from './commandLine.ts';

const sessions = sessionsBetween(sessionDate('2021-01-04'), sessionDate('2022-12-30'));

describe('the regime of a market', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-regime-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Closes that swing by a tenth of a percent, and by three percent in the last twenty sessions. */
  function market(symbols: readonly string[]): string {
    const rows = symbols.flatMap((symbol) =>
      sessions.map((session, row) => {
        const swing = row < sessions.length - 20 ? 0.001 : 0.03;
        const close = (100 * (1 + (row % 2) * swing)).toFixed(4);
        return `${symbol},${session},${close},${close},${close},${close},1000,${close}`;
      }),
    );
    const file = path.join(folder, 'bars.csv');
    writeFileSync(file, ['symbol,session,open,high,low,close,volume,adjusted_close', ...rows, ''].join('\n'));
    return file;
  }

  test('is told session by session from the day asked for', async () => {
    const { out, exitCode } = await plimsoll(`data regime ${market(['SPY'])} --from 2022-12-01 --json`);
    expect(exitCode).toBe(0);
    const { symbol, readings } = JSON.parse(out) as {
      readonly symbol: string;
      readonly readings: readonly { readonly session: string; readonly regime: string }[];
    };
    expect(symbol).toBe('SPY');
    expect(readings.map(({ session }) => session)).toEqual(sessions.filter((session) => session >= '2022-12-01'));
    expect(readings.at(-1)?.regime).toBe('crisis');
  });

  test('REGIME_OF_ONE_MARKET: of two symbols is refused', async () => {
    const { error } = await plimsoll(`data regime ${market(['SPY', 'QQQ'])}`);
    expect(error).toMatch(/^REGIME_OF_ONE_MARKET: .*QQQ, SPY/);
  });
});
