import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TradeCondition } from '#domain/tradeConditions.ts';
import { readLeanIntraday } from '#infra/lean/leanIntraday.ts';
import { saleConditions } from '#infra/lean/saleConditions.ts';
import { barsFromTrades } from '#pipelines/resample/barsFromTrades.ts';

const data = '../shared/data';

describe('sale conditions of AlgoSeek', () => {
  it.each([
    ['', []],
    ['1', ['regular']],
    ['20002020', ['intermarketSweep', 'extendedHours', 'tradeThroughExempt']],
    ['6004', ['nextDay', 'extendedHours', 'extendedHoursOutOfSequence']],
    ['4800', ['soldLast', 'soldOutOfSequence']],
    ['80000000', ['oddLot']],
    ['48000000', []],
  ] as const)('%s means %j', (text, words) => expect(saleConditions(text)).toEqual(words));

  it.each(['xyz', '123456789', '-1'])('%s means nothing', (text) => expect(saleConditions(text)).toBeUndefined());
});

describe.skipIf(!existsSync(`${data}/ticks_quotes`))('recorded trades', () => {
  it("make the vendor's own minutes when sweeps and prices made elsewhere are left out as it does", async () => {
    const known = await readLeanIntraday(`${data}/minute/lean/ibm/20131007_trade.zip`);
    const day = await readLeanIntraday(`${data}/ticks_quotes/tick/ibm/20131007_trade.zip`);
    if (known.kind !== 'bars' || day.kind !== 'trades') throw new Error('the files have changed places');
    // The tapes let these set prices; the vendor's bars of regular hours do not.
    const left: readonly TradeCondition[] = ['intermarketSweep', 'derivativelyPriced', 'averagePrice', 'stockOption'];
    const trades = day.trades.filter(({ conditions }) => !conditions.some((condition) => left.includes(condition)));
    const made = [...barsFromTrades(trades, 60_000)].filter(({ state }) => state === 'regular');
    const { bars } = known;
    const exact = made.filter(({ startMs, open, high, low, close }) => {
      const row = bars.stampMs.indexOf(startMs);
      return open === bars.open[row] && high === bars.high[row] && low === bars.low[row] && close === bars.close[row];
    });
    // All but the minutes of the opening and of the closing print.
    expect([made.length, exact.length]).toEqual([390, 388]);
  });
});
