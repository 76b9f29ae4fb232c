import { afterEach, beforeEach } from 'vitest';
import type { HistoricalBars, MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { deskRules, type DeskRules } from '#infra/ibkr/ibkrDesk.ts';
import { createIbkrMarketData } from '#infra/ibkr/ibkrMarketData.ts';
import { twsLimits } from '#infra/ibkr/twsConnection.ts';
import type { FakeBar, FakePrint } from '#test/fakes/twsMessages.ts';
import { startTwsVendor, type TwsAsked, type TwsRequestKind, type TwsVendor } from '#test/fakes/twsVendor.ts';

/** Rules for tests: everything sooner. */
export const quick: DeskRules = {
  ...deskRules,
  connection: { ...twsLimits, readyTimeoutMs: 5_000, pingIntervalMs: 50, silenceMaxMs: 600, messagesPerSecond: 1_000 },
  pacing: { ...deskRules.pacing, identicalMs: 300 },
  attemptTimeoutMs: 4_000,
  attemptsMax: 3,
  retryWaitMs: 20,
  pacingWaitMs: 200,
};

/** Two sessions and their bars. */
export const range = { from: sessionDate('2026-04-01'), to: sessionDate('2026-04-02') };

/** Bars of the range. */
export const dailyBars: readonly FakeBar[] = [
  ['20260401', '253.10', '256.40', '252.00', '255.00', '3000', '254.5', 900],
  ['20260402', '254.20', '256.13', '250.65', '255.89', '13580739', '252.266', 13633],
];

/** An instant of the second session. */
export const noonMs = newYorkTimeMs(sessionDate('2026-04-02'), '12:00');

/** Trades so many seconds after noon; each has a size of its own. */
export function printsOf(seconds: readonly number[]): readonly FakePrint[] {
  return seconds.map((second, index) => ({
    time: noonMs / 1_000 + second,
    price: (250 + index / 100).toFixed(2),
    size: index + 1,
  }));
}

/** A vendor and the means to ask it; both are made anew for each test of the file. */
export interface HistoryDesk {
  readonly vendor: TwsVendor;
  readonly provider: MarketDataProvider;
  open(rules?: Partial<DeskRules>): MarketDataProvider;
  daily(symbols?: readonly string[]): Promise<HistoricalBars>;
  askedOf(kind: TwsRequestKind): readonly TwsAsked[];
}

/** Starts and stops a vendor around each test of a file. */
export function useHistoryDesk(): HistoryDesk {
  let vendor: TwsVendor | undefined;
  let provider: MarketDataProvider | undefined;
  const desk: HistoryDesk = {
    get vendor() {
      return vendor!;
    },
    get provider() {
      return provider!;
    },
    open: (rules = {}) => {
      const address = { host: '127.0.0.1', port: desk.vendor.server.port, clientId: 7 };
      provider = createIbkrMarketData({ ...address, rules: { ...quick, ...rules } });
      return provider;
    },
    daily: (symbols = ['AAPL']) => desk.open().historicalBars!({ symbols, range, timeframe: '1Day' }),
    askedOf: (kind) => desk.vendor.asked.filter((one) => one.kind === kind),
  };
  beforeEach(async () => {
    vendor = await startTwsVendor();
    vendor.bars = dailyBars;
  });
  afterEach(async () => {
    await provider?.close?.();
    await vendor?.server.stop();
  });
  return desk;
}
