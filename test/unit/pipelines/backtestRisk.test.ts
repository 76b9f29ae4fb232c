import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { breakerProfiles, type BreakerProfile } from '#domain/breaker.ts';
import { dollars, moneyFromDollars } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { backtest, type BacktestRequest } from '#pipelines/backtest.ts';
import type { BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import type { RiskRules } from '#pipelines/backtestGuard.ts';
import { randomBars, randomNumbers, weekdays } from './randomBars.ts';

const free = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 };
const anything = { noTradeFraction: 0, cashBufferFraction: 0 };
const limits = {
  orderNotionalMax: moneyFromDollars(1_000_000),
  positionFractionMax: 1,
  leverageMax: 1,
  ordersPerSessionMax: 10,
  priceCollarFraction: 0.2,
  restricted: [],
};

/** Bars of one symbol, `[open, close]` a session. */
function barsOf(prices: readonly (readonly [number, number])[], symbol = 'A'): DailyBars {
  const open = Float64Array.from(prices, ([first]) => first);
  const close = Float64Array.from(prices, ([, last]) => last);
  const volume = new Float64Array(prices.length).fill(1_000_000);
  return {
    symbol,
    sessions: weekdays(prices.length),
    open,
    high: open,
    low: close,
    close,
    adjustedClose: close,
    volume,
  };
}

/** Plays all of 1,000 dollars into one symbol, from the second session on; the first only gives a price. */
function play(
  prices: readonly (readonly [number, number])[],
  risk: Partial<RiskRules> & { readonly breaker?: BreakerProfile } = {},
  targetsBefore: BacktestRequest['targetsBefore'] = () => ({ A: 1 }),
): BacktestResult {
  const bars = barsOf(prices);
  return backtest({
    bars: [bars],
    sessions: bars.sessions.slice(1),
    targetsBefore,
    cash: moneyFromDollars(1_000),
    rules: anything,
    rates: free,
    risk: { limits, breaker: breakerProfiles.standard, restartAfterSessions: null, ...risk },
  });
}

const flat = [10, 10] as const;
const dates = weekdays(20);
const fillsOf = ({ fills }: BacktestResult): readonly string[] =>
  fills.map(({ session, side, quantity, price }) => `${session} ${side} ${quantity} at ${dollars(price)}`);

describe('an account that the breaker weighs', () => {
  it('sells everything at the open that halts it, and buys no more', () => {
    const halted = play([flat, flat, [9, 9.5], flat, flat]);
    expect(fillsOf(halted)).toEqual([`${dates[1]} buy 100 at 10`, `${dates[2]} sell 100 at 9`]);
    // The rise of that session is not had, nor the one after it.
    expect(halted.equity.map(dollars)).toEqual([1_000, 900, 900, 900]);
    expect(halted.risk.changes).toEqual([
      { session: dates[2], at: 'open', to: 'halted', reason: 'drawdown 10.00 %; daily loss 10.00 %' },
    ]);
    expect(halted.risk).toMatchObject({ haltedSessions: 2, reducingSessions: 0, denied: {} });
  });

  it('halted at the close sells in the next auction, whatever that costs', () => {
    const halted = play([flat, flat, [10, 9.4], [8, 12], flat]);
    expect(halted.risk.changes).toMatchObject([{ session: dates[2], at: 'close', to: 'halted' }]);
    expect(fillsOf(halted).at(-1)).toBe(`${dates[3]} sell 100 at 8`);
    expect(halted.equity.map(dollars)).toEqual([1_000, 940, 800, 800]);
  });

  it('halted without a decision sells all the same', () => {
    const once: BacktestRequest['targetsBefore'] = (session) => (session === dates[1] ? { A: 1 } : undefined);
    expect(fillsOf(play([flat, flat, [10, 9.4], flat], {}, once))).toHaveLength(2);
  });

  it('reducing holds half, and is refused what adds', () => {
    const slow = { ...breakerProfiles.standard, dailyLossHaltFraction: 0.5 };
    const reducing = play([flat, flat, [10, 9.2], [9.2, 9.2], [4.6, 9.2], flat], { breaker: slow });
    expect(reducing.risk.changes[0]).toEqual({
      session: dates[2],
      at: 'close',
      to: 'reducing',
      reason: 'drawdown 8.00 %',
    });
    expect(fillsOf(reducing)[1]).toBe(`${dates[3]} sell 50 at 9.2`);
    const risen = play([flat, flat, [10, 9.2], [9.2, 4.7], [9.2, 9.2], flat], {
      breaker: { ...slow, drawdownHaltFraction: 0.6, dailyLossHaltFraction: 0.6 },
    });
    // Half of what is left buys more of what halved; a reducing account may not.
    expect(risen.risk.denied.EXPOSURE_WHILE_REDUCING).toBeGreaterThan(0);
    expect(risen.fills.filter(({ side }) => side === 'buy')).toHaveLength(1);
  });

  it('is restarted after the sessions it is told to wait, from what it then has', () => {
    const prices = [flat, flat, [9, 9] as const, flat, flat, flat, [9.2, 9.2] as const];
    const restarted = play(prices, { restartAfterSessions: 2 });
    // Halted on the second traded session, out for two, back on the fifth; 900 dollars are the new high-water mark.
    expect(restarted.risk.changes.map(({ session, at, to }) => [session, at, to])).toEqual([
      [dates[2], 'open', 'halted'],
      [dates[5], 'beforeOpen', 'active'],
      [dates[6], 'open', 'halted'],
    ]);
    expect(restarted.risk.haltedSessions).toBe(2);
    expect(fillsOf(restarted)[2]).toBe(`${dates[5]} buy 90 at 10`);
    expect(play(prices, { restartAfterSessions: null }).risk.changes).toHaveLength(1);
  });

  it('halts on losing round trips in a row; those before a restart count no more', () => {
    // Bought on even sessions at 10, sold on odd ones at 9.99: every trip loses.
    const prices = Array.from({ length: 20 }, (_, row) => (row % 2 === 1 ? flat : ([9.99, 9.99] as const)));
    const trips: BacktestRequest['targetsBefore'] = (session) => ({ A: dates.indexOf(session) % 2 === 1 ? 0.5 : 0 });
    const profile = { ...breakerProfiles.standard, lossStreakHalt: 3 };
    const { risk } = play(prices, { breaker: profile, restartAfterSessions: 1 }, trips);
    expect(risk.changes[0]).toEqual({
      session: dates[6],
      at: 'open',
      to: 'halted',
      reason: '3 losing trades in a row',
    });
    expect(risk.changes[1]).toMatchObject({ session: dates[8], at: 'beforeOpen', to: 'active' });
    // Three more trips from the restart on, not one.
    expect(risk.changes[2]!.session).toBe(dates[14]);
  });

  it('held by no rules, is weighed by none', () => {
    const { risk, fills } = backtest({
      bars: [barsOf([flat, flat, [1, 1]])],
      sessions: dates.slice(1, 3),
      targetsBefore: () => ({ A: 1 }),
      cash: moneyFromDollars(1_000),
      rules: anything,
      rates: free,
    });
    expect(fills).toHaveLength(1);
    expect(risk).toEqual({ denied: {}, reduced: {}, changes: [], reducingSessions: 0, haltedSessions: 0 });
  });
});

describe('whatever prices do', () => {
  const symbols = ['A', 'B', 'C'];
  const count = 120;

  function random(seed: number, risk: Partial<RiskRules>): BacktestResult {
    const next = randomNumbers(seed);
    const all = weekdays(count);
    const targets = new Map(
      all.map((session) => [session, Object.fromEntries(symbols.map((one) => [one, next() / 3]))]),
    );
    return backtest({
      bars: symbols.map((symbol, index) => randomBars(symbol, all, seed + index)),
      sessions: all.slice(10),
      targetsBefore: (session) => targets.get(session),
      cash: moneyFromDollars(100_000),
      rules: { noTradeFraction: 0.005, cashBufferFraction: 0.02 },
      rates: { halfSpreadBasisPoints: 5, commissionBasisPoints: 1 },
      risk: { limits, breaker: breakerProfiles.conservative, restartAfterSessions: 5, ...risk },
    });
  }

  it('nothing is bought while the account is not active, and the state becomes laxer by a restart only', () => {
    let stopped = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const { fills, risk } = random(seed, {});
        const changesOn = (session: SessionDate) => risk.changes.filter((change) => change.session === session);
        let state: string = 'active';
        const plannedUnder = new Map<SessionDate, string>();
        for (const session of weekdays(count)) {
          const [restarts, others] = [true, false].map((early) =>
            changesOn(session).filter(({ at }) => (at === 'beforeOpen') === early),
          );
          state = restarts!.at(-1)?.to ?? state;
          plannedUnder.set(session, state);
          if (state !== 'active') stopped += 1;
          expect(restarts!.map(({ to }) => to).filter((to) => to !== 'active')).toEqual([]);
          expect(others!.map(({ to }) => to)).not.toContain('active');
          state = others!.at(-1)?.to ?? state;
        }
        const bought = fills.filter(({ side }) => side === 'buy');
        expect(bought.filter(({ session }) => plannedUnder.get(session) !== 'active')).toEqual([]);
      }),
      { numRuns: 40 },
    );
    expect(stopped).toBeGreaterThan(100);
  });

  it('a halted account that nobody restarts ends in cash', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const { risk, returns } = random(seed, { restartAfterSessions: null });
        const halt = risk.changes.find(({ to }) => to === 'halted');
        if (!halt) return;
        const row = weekdays(count).slice(10).indexOf(halt.session);
        expect(Array.from(returns.slice(row + 2)).every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
