import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerScheduleName } from '#domain/costs/brokerSchedule.ts';
import { commission } from '#domain/costs.ts';
import { dollars, money, moneyFromDollars, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { SnapshotManifest } from '#domain/snapshotManifest.ts';
import { snapshotDigest } from '#pipelines/snapshot.ts';
import { partTables } from '#pipelines/snapshotParts.ts';
import { barsAsCsv, randomBars, weekdays } from '../pipelines/randomBars.ts';
import { plimsoll } from './commandLine.ts';
import { memoryDesk } from './memoryDesk.ts';
import { noSnapshots } from './noSnapshots.ts';

describe('backtest', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-backtest-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const header = 'symbol,date,open,high,low,close,volume';
  /** Two crossings of averages of two and three closes: bought at the open of 12, sold at that of 8. */
  function crossings(): string {
    const closes = [10, 10, 10, 9, 9, 12, 13, 8, 8, 8];
    const rows = weekdays(closes.length).map((date, row) => {
      const [open, close] = [closes[Math.max(0, row - 1)]!, closes[row]!];
      return ['A', date, open, Math.max(open, close), Math.min(open, close), close, 1_000_000].join();
    });
    const file = path.join(folder, 'bars.csv');
    writeFileSync(file, `${header}\n${rows.join('\n')}\n`);
    return file;
  }

  it('charges by a broker’s schedule as live trading does, by the dates of the sessions or of one that is named', async () => {
    const play = (options: string) =>
      plimsoll(
        `backtest --strategy sma-cross --input ${crossings()} --fast 2 --slow 3 --shares 10 --half-spread-bps 0 ${options} --json`,
      );
    const charged = (schedule: BrokerScheduleName, ratesAsOf?: string): number => {
      const rates = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0, schedule, ratesAsOf: ratesAsOf ?? null };
      const fill = (side: 'buy' | 'sell', price: number, session: string) =>
        commission(
          { side, quantity: shares(10), price: moneyFromDollars(price), session: sessionDate(session) },
          rates,
        );
      return dollars(money(fill('buy', 12, '2020-01-09') + fill('sell', 8, '2020-01-13')));
    };
    const costs = async (options: string) => (JSON.parse((await play(options)).out) as { costs: number }).costs;
    expect(await costs('--schedule ibkr-fixed')).toBe(charged('ibkr-fixed'));
    expect(charged('ibkr-fixed')).toBeGreaterThan(1.7);
    expect(await costs('--schedule alpaca --rates-as-of 2024-01-02')).toBe(charged('alpaca', '2024-01-02'));
    // Alpaca's schedule is not known of January 2020.
    expect((await play('--schedule alpaca')).error).toContain('COST_RATE_UNKNOWN');
    expect((await play('--rates-as-of 2024-01-02')).exitCode).toBe(2);
  });

  it('takes spread and impact out of the bars before, tells both, and which fills were too early for it', async () => {
    const file = path.join(folder, 'wander.csv');
    const wandering = randomBars('A', weekdays(120), 9);
    const rows = wandering.sessions.map((date, row) =>
      ['A', date, ...(['open', 'high', 'low', 'close', 'volume'] as const).map((name) => wandering[name][row])].join(),
    );
    writeFileSync(file, `${header}\n${rows.join('\n')}\n`);
    const output = path.join(folder, 'costs');
    const play = `backtest --strategy sma-cross --input ${file} --fast 5 --slow 15 --shares 300 --output ${output}`;
    const { out } = await plimsoll(`${play} --spread corwin-schultz --impact square-root --json`);
    const [head, ...fills] = readFileSync(path.join(output, 'fills.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('date,at,symbol,side,quantity,price,commission,slippage,impact,order');
    const [slippage, impact] = [7, 8].map((cell) =>
      fills.reduce((sum, line) => sum + Number(line.split(',')[cell]), 0),
    );
    expect([slippage! > 0, impact! > 0]).toEqual([true, true]);
    const { costs, unmeasuredFills } = JSON.parse(out) as { costs: number; unmeasuredFills: number };
    expect(costs).toBeCloseTo(slippage! + impact!, 6);
    expect(unmeasuredFills).toBe(fills.filter((line) => line.split(',')[8] === '0').length);
    // Twice the coefficient, twice the impact.
    await plimsoll(`${play} --spread corwin-schultz --impact square-root --impact-coefficient 2`);
    const doubled = readFileSync(path.join(output, 'fills.csv'), 'utf8').trim().split('\n').slice(1);
    const moved = doubled.reduce((sum, line) => sum + Number(line.split(',')[8]), 0);
    expect(moved / impact!).toBeCloseTo(2, 1);
    expect((await plimsoll(`${play} --impact-coefficient 2`)).exitCode).toBe(2);
  });

  it('plays the bars of a published snapshot like those of a file', async () => {
    const sessions = weekdays(80);
    const snapshot = {
      bars: ['A', 'B'].map((symbol, index) => randomBars(symbol, sessions, index + 3)),
      benchmark: { sessions, close: new Float64Array(80).fill(1), source: sessions.map(() => 'A') },
    };
    const digest = snapshotDigest(snapshot);
    const desk = {
      ...memoryDesk(),
      snapshots: {
        ...noSnapshots,
        find: () => Promise.resolve({ digest } as SnapshotManifest),
        parts: () => Promise.resolve(partTables(snapshot)),
      },
    };
    const line = 'backtest --strategy equal-weight --json';
    const { out } = await plimsoll(`${line} --snapshot head`, { desk });
    const csv = path.join(folder, 'snapshot.csv');
    writeFileSync(csv, barsAsCsv(snapshot.bars));
    const ofFile = JSON.parse((await plimsoll(`${line} --input ${csv}`)).out) as object;
    expect(JSON.parse(out)).toEqual({ ...ofFile, input: `snapshot ${digest}` });
    expect((JSON.parse(out) as { trades: number }).trades).toBeGreaterThan(1);
  });

  it('needs a file or a snapshot, not both, and one that is there', async () => {
    const play = 'backtest --strategy buy-and-hold';
    expect((await plimsoll(play)).exitCode).toBe(2);
    expect((await plimsoll(`${play} --input x.csv --snapshot head`)).exitCode).toBe(2);
    expect((await plimsoll(`${play} --snapshot head`, { desk: memoryDesk() })).error).toContain('SNAPSHOT_UNKNOWN');
  });
});
