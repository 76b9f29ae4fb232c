import { describe, expect, it } from 'vitest';
import { breakerProfiles } from '#domain/breaker.ts';
import { moneyFromDollars } from '#domain/money.ts';
import { openingAuctionRules } from '#domain/rebalance.ts';
import { preTradeLimitsOf, rebalanceRulesOf } from '#domain/tradingTerms.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { tradingTermsOf } from '#infra/configuration/tradingTerms.ts';
import { backtest } from '#pipelines/backtest.ts';
import type { BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import { randomBars, weekdays } from '../randomBars.ts';

const dates = weekdays(120);
const names = ['A', 'B', 'C'];
const bars = names.map((name, index) => randomBars(name, dates, 7 + index));
const termsOf = (environment: Readonly<Record<string, string>> = {}) =>
  tradingTermsOf(resolveSettings({ environment }).trading);

/** A quarter in each of three symbols, aimed at before every session. */
function played(environment: Readonly<Record<string, string>> = {}, reduceFraction = 0.9): BacktestResult {
  const { limits } = termsOf(environment);
  return backtest({
    bars,
    sessions: dates.slice(1),
    targetsBefore: () => ({ A: 0.25, B: 0.25, C: 0.25 }),
    cash: moneyFromDollars(100_000),
    rules: rebalanceRulesOf(limits),
    rates: { halfSpreadBasisPoints: 1, commissionBasisPoints: 0 },
    risk: {
      limits: { ...preTradeLimitsOf(limits), positionFractionMax: 1 },
      breaker: {
        ...breakerProfiles.standard,
        drawdownReduceFraction: reduceFraction,
        drawdownHaltFraction: 0.95,
        dailyLossHaltFraction: 0.9,
        lossStreakHalt: 1_000,
      },
      restartAfterSessions: null,
    },
  });
}

const band = (absolute: number): Record<string, string> => ({
  PLIMSOLL_TRADING__REBALANCE__BAND_ABSOLUTE_FRACTION: String(absolute),
});

describe('the bands of the settings', () => {
  it('are none unless a width is set', () => {
    expect(rebalanceRulesOf(termsOf().limits)).toEqual(openingAuctionRules);
    const narrow = { PLIMSOLL_TRADING__REBALANCE__BAND_RELATIVE_FRACTION: '0.25' };
    expect(rebalanceRulesOf(termsOf({ ...band(0.05), ...narrow }).limits).band).toEqual({
      absoluteFraction: 0.05,
      relativeFraction: 0.25,
      to: 'edge',
    });
    const target = { ...narrow, PLIMSOLL_TRADING__REBALANCE__BAND_TO: 'target' };
    expect(rebalanceRulesOf(termsOf(target).limits).band).toEqual({ relativeFraction: 0.25, to: 'target' });
  });

  it('let a backtest trade less, the wider they are', () => {
    const [none, narrow, wide] = [played(), played(band(0.01)), played(band(0.05))];
    expect(none.orders.length).toBeGreaterThan(narrow.orders.length);
    expect(narrow.orders.length).toBeGreaterThan(wide.orders.length);
    expect([none.costs > narrow.costs, narrow.costs > wide.costs]).toEqual([true, true]);
    expect(wide.orders.length).toBeGreaterThanOrEqual(names.length);
  });

  it('hold back no account that reduces: its halved targets are reached', () => {
    // Bought whole, then within the band of the halved target.
    const reduced = played({ ...band(0.2), PLIMSOLL_TRADING__REBALANCE__BAND_TO: 'target' }, 0.005);
    expect(reduced.risk.reducingSessions).toBeGreaterThan(0);
    const from = reduced.risk.changes.find(({ to }) => to === 'reducing')!.session;
    const sold = reduced.fills.filter(({ side, session }) => side === 'sell' && session >= from);
    expect(new Set(sold.map(({ symbol }) => symbol))).toEqual(new Set(names));
  });
});
