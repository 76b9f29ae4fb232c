import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { defaultCostRates } from '#domain/costs.ts';
import { dollars, money, moneyFromDollars } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { equalWeights } from '#domain/sizing.ts';
import { backtest, type BacktestRequest } from '#pipelines/backtest.ts';
import type { BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import { impliedDividends } from '#domain/dividends.ts';
import { firstRows, randomBars, randomNumbers, weekdays } from './randomBars.ts';

const sessions = weekdays(6);
const free = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 };
const anything = { noTradeFraction: 0, cashBufferFraction: 0 };

/** Bars of whole prices: opens and closes as given, without dividends. */
function barsOf(symbol: string, opens: readonly number[], closes: readonly number[]): DailyBars {
  const [open, close] = [Float64Array.from(opens), Float64Array.from(closes)];
  const higher = open.map((value, row) => Math.max(value, close[row]!));
  const lower = open.map((value, row) => Math.min(value, close[row]!));
  const volume = new Float64Array(opens.length).fill(1_000_000);
  const dates = weekdays(opens.length);
  return { symbol, sessions: dates, open, high: higher, low: lower, close, adjustedClose: close, volume };
}

describe('a backtest worked out by hand', () => {
  const bars = [barsOf('A', [10, 11, 12, 20, 20, 20], [10, 12, 16, 20, 20, 20])];
  const request: BacktestRequest = {
    bars,
    sessions: sessions.slice(1),
    targetsBefore: (session) => (session === sessions[1] ? { A: 0.5 } : undefined),
    cash: moneyFromDollars(1_000),
    rules: anything,
    rates: free,
  };

  it('sizes at the close before, fills at the open and marks at the close', () => {
    // Half of 1,000 at the close of 10 is 50 shares; they cost 550 at the open of 11 and are worth 600 at the close.
    const { equity, returns, fills, turnover, exposure } = backtest(request);
    expect(equity.map(dollars)).toEqual([1_050, 1_250, 1_450, 1_450, 1_450]);
    expect(returns[0]).toBeCloseTo(0.05, 12);
    const what = { order: 0, at: 'open', symbol: 'A', side: 'buy', quantity: 50, price: 110_000 };
    expect(fills).toEqual([{ session: sessions[1], commission: 0, slippage: 0, ...what }]);
    expect(turnover).toBeCloseTo(0.55 / 5, 12);
    expect(exposure).toBeCloseTo((600 / 1_050 + 800 / 1_250 + 3 * (1_000 / 1_450)) / 5, 12);
  });

  it('pays half the spread and commission, and says what they were', () => {
    const rates = { halfSpreadBasisPoints: 10, commissionBasisPoints: 20 };
    const { equity, costs, fills } = backtest({ ...request, rates });
    // 11 moved by 10 basis points is 11.011; 50 of them cost 550.55, of which 20 basis points are 1.1011.
    expect(fills[0]).toMatchObject({ price: 110_110, commission: 11_011, slippage: 5_500 });
    expect(dollars(costs)).toBeCloseTo(0.55 + 1.1011, 10);
    expect(dollars(equity[0]!)).toBeCloseTo(1_050 - 1.6511, 10);
  });

  it('buys no more than cash allows when the auction opens higher', () => {
    const { fills, unfilledShares, equity } = backtest({ ...request, targetsBefore: () => ({ A: 1 }) });
    // 100 shares were wanted at 10; 1,000 buys 90 at 11.
    expect(fills[0]!.quantity).toBe(90);
    expect(unfilledShares).toBeGreaterThanOrEqual(10);
    expect(dollars(equity[0]!)).toBe(10 + 90 * 12);
  });

  it('neither trades nor marks a symbol that does not print, and keeps its last close', () => {
    const halted = { ...firstRows(bars[0]!, 3), symbol: 'A' };
    const later = backtest({
      ...request,
      bars: [halted],
      targetsBefore: (session) => (session === sessions[1] ? { A: 0.5 } : {}),
      sessions: [sessions[1]!, sessions[3]!, sessions[4]!],
    });
    // Bought at 11, last seen at 12 in the session that was traded; the sale finds no auction on either day after.
    expect(later.equity.map(dollars)).toEqual([1_050, 1_050, 1_050]);
    expect(later.unfilledShares).toBe(100);
  });

  it('leaves out a target that never printed', () => {
    const { fills } = backtest({ ...request, targetsBefore: () => ({ A: 0.5, B: 0.5 }) });
    expect(new Set(fills.map(({ symbol }) => symbol))).toEqual(new Set(['A']));
  });

  it('of no sessions is nothing', () =>
    expect(backtest({ ...request, sessions: [] })).toMatchObject({ equity: [], trades: 0, turnover: 0, exposure: 0 }));
});

describe('dividends', () => {
  const plain = barsOf('A', [10, 10, 10, 9.5, 9.5, 9.5], [10, 10, 10, 9.5, 9.5, 9.5]);
  // Half a dollar goes ex on the fourth session: closes before it are adjusted by 1 - 0.5 / 10.
  const bars = { ...plain, adjustedClose: plain.close.map((value, row) => (row < 3 ? value * 0.95 : value)) };
  const request: BacktestRequest = {
    bars: [bars],
    sessions: sessions.slice(1),
    targetsBefore: (session) => (session === sessions[1] ? { A: 1 } : undefined),
    cash: moneyFromDollars(1_000),
    rules: anything,
    rates: free,
  };

  it('are read out of the adjusted closes', () => {
    const found = impliedDividends(bars);
    expect([...found.keys()]).toEqual([sessions[3]]);
    expect(found.get(sessions[3]!)).toBeCloseTo(0.5, 12);
    expect(impliedDividends(plain).size).toBe(0);
  });

  it('when credited are cash on the ex-date for who held the shares before, else the price falls alone', () => {
    const credited = backtest({ ...request, dividends: 'credited' });
    expect(credited.equity.map(dollars)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
    expect(dollars(credited.dividends)).toBe(50);
    expect(backtest(request)).toMatchObject({ dividends: 0 });
    expect(dollars(backtest(request).equity.at(-1)!)).toBe(950);
  });

  it('are not paid to who buys on the ex-date', () => {
    const late = {
      ...request,
      targetsBefore: (session: SessionDate) => (session === sessions[3] ? { A: 1 } : undefined),
    };
    expect(backtest({ ...late, dividends: 'credited' }).dividends).toBe(0);
  });
});

describe('whatever is traded', () => {
  const symbols = ['A', 'B', 'C'];
  const count = 80;
  const dates = weekdays(count);
  const allBars = (seed: number): readonly DailyBars[] =>
    symbols.map((symbol, index) => randomBars(symbol, dates, seed + index));

  /** Random weights that leave some cash, some sessions without a decision. */
  function randomTargets(seed: number): ReadonlyMap<SessionDate, Readonly<Record<string, number>>> {
    const next = randomNumbers(seed);
    const decided = dates.filter(() => next() < 0.6);
    return new Map(decided.map((session) => [session, Object.fromEntries(symbols.map((one) => [one, next() / 3]))]));
  }

  function play(seed: number, change: Partial<BacktestRequest> = {}): BacktestResult {
    const targets = randomTargets(seed);
    return backtest({
      bars: allBars(seed),
      sessions: dates.slice(10),
      targetsBefore: (session) => targets.get(session),
      cash: moneyFromDollars(100_000),
      rules: { noTradeFraction: 0.005, cashBufferFraction: 0.02 },
      rates: { halfSpreadBasisPoints: 5, commissionBasisPoints: 1 },
      dividends: 'credited',
      ...change,
    });
  }
  const seeds = fc.integer({ min: 1, max: 1_000_000 });
  const few = { numRuns: 40 };

  it('no cash is created: equity is cash, trades, dividends and shares at the close, to the last unit', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const result = play(seed);
        const bars = allBars(seed);
        let cash = 1_000_000_000;
        const held = new Map<string, number>();
        for (const [row, session] of result.sessions.entries()) {
          for (const one of bars) {
            const at = one.sessions.indexOf(session);
            const perShare = impliedDividends(one).get(session) ?? 0;
            cash += Math.floor((held.get(one.symbol) ?? 0) * perShare * 10_000 + 0.01);
            for (const fill of result.fills.filter((each) => each.session === session && each.symbol === one.symbol)) {
              const signed = fill.side === 'buy' ? fill.quantity : 0 - fill.quantity;
              // From the printed open: what was not paid at it is a cost that the result must own up to.
              const paid = signed * Math.round(one.open[at]! * 10_000) + fill.slippage + fill.commission;
              cash -= paid;
              held.set(one.symbol, (held.get(one.symbol) ?? 0) + signed);
            }
          }
          const worth = bars.reduce(
            (sum, one) =>
              sum + (held.get(one.symbol) ?? 0) * Math.round(one.close[one.sessions.indexOf(session)]! * 10_000),
            cash,
          );
          expect(result.equity[row]).toBe(worth);
          expect(cash).toBeGreaterThanOrEqual(0);
        }
        expect(result.costs).toBe(result.fills.reduce((sum, fill) => sum + fill.commission + fill.slippage, 0));
      }),
      few,
    );
  });

  /** The same bars up to the open of a session, other ones from its close on, and other dividends after it. */
  function otherFuture(one: DailyBars, cut: number, seed: number): DailyBars {
    const other = randomBars(one.symbol, dates, seed);
    const close = one.close.map((value, row) => (row < cut ? value : other.close[row]!));
    // What is paid after the session reaches back into every adjusted close before it.
    const later = 1 - (seed % 7) / 100;
    const adjustedClose = one.adjustedClose.map((value, row) =>
      row <= cut ? (value / one.close[row]!) * close[row]! * later : other.adjustedClose[row]!,
    );
    return {
      ...one,
      open: one.open.map((value, row) => (row <= cut ? value : other.open[row]!)),
      close,
      adjustedClose,
    };
  }

  it('the past does not see the future: orders of a session know nothing of its close, nor of what follows', () => {
    let differing = 0;
    fc.assert(
      fc.property(seeds, fc.integer({ min: 11, max: count - 1 }), (seed, cut) => {
        const futures = allBars(seed).map((one, index) => otherFuture(one, cut, seed + 77 + index));
        const [one, other] = [play(seed), play(seed, { bars: futures })];
        expect(other.equity.slice(0, cut - 10)).toEqual(one.equity.slice(0, cut - 10));
        const upTo = ({ fills }: BacktestResult) => fills.filter(({ session }) => session <= dates[cut]!);
        expect(upTo(other)).toEqual(upTo(one));
        if (other.equity[cut - 10] !== one.equity[cut - 10]) differing += 1;
      }),
      few,
    );
    // Of a future that changes nothing the test would learn nothing.
    expect(differing).toBeGreaterThan(30);
  });

  it('stopping early is the beginning of going on', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 12, max: count }), (seed, end) => {
        const shorter = play(seed, { sessions: dates.slice(10, end) });
        expect(play(seed).equity.slice(0, shorter.equity.length)).toEqual(shorter.equity);
      }),
      few,
    );
  });

  it('without targets, or with targets of zero, cash stays as it is', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, decides) => {
        const nothing = Object.fromEntries(symbols.map((symbol) => [symbol, 0]));
        const { equity, returns, trades, exposure } = play(seed, {
          targetsBefore: () => (decides ? nothing : undefined),
        });
        expect(new Set(equity)).toEqual(new Set([money(1_000_000_000)]));
        expect(new Set(returns)).toEqual(new Set([0]));
        expect({ trades, exposure }).toEqual({ trades: 0, exposure: 0 });
      }),
      few,
    );
  });

  it('costs never make richer', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        // Bought once and held: the same shares, but for what the costs took.
        const once = equalWeights(symbols);
        const targetsBefore = (session: SessionDate) => (session === dates[10] ? once : undefined);
        const rules = { noTradeFraction: 0, cashBufferFraction: 0.05 };
        const dear = play(seed, { targetsBefore, rules, dividends: 'ignored' });
        const cheap = play(seed, { targetsBefore, rules, rates: free, dividends: 'ignored' });
        expect(cheap.equity.map((value, row) => value - dear.equity[row]!)).toEqual(
          dear.equity.map(() => dear.costs as number),
        );
        expect(dear.costs).toBeGreaterThan(0);
      }),
      few,
    );
  });

  it('each return is that of equity, and the order in which bars are handed in does not matter', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const one = play(seed);
        const grown = one.returns.reduce((growth, value) => growth * (1 + value), 1);
        expect(grown).toBeCloseTo(one.equity.at(-1)! / 1_000_000_000, 9);
        expect(play(seed, { bars: allBars(seed).toReversed() })).toEqual(one);
      }),
      few,
    );
  });

  it('default costs of a session of full turnover are about two basis points', () => {
    const bars = [barsOf('A', [100, 100], [100, 100]), barsOf('B', [100, 100], [100, 100])];
    const { costs, equity } = backtest({
      bars,
      sessions: weekdays(2),
      targetsBefore: () => ({ A: 0.5, B: 0.49 }),
      cash: moneyFromDollars(100_000),
      rules: anything,
      rates: defaultCostRates,
    });
    // Nothing is known before the first session, so only the second trades.
    expect(equity[0]).toBe(1_000_000_000);
    expect(dollars(costs)).toBeCloseTo(9.9, 6);
  });
});
