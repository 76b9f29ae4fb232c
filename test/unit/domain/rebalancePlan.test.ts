import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokerScheduleNames } from '#domain/costs/brokerSchedule.ts';
import { costOfFill, type CostRates } from '#domain/costs.ts';
import { money, moneyFromDollars, shares, type Money, type Shares } from '#domain/money.ts';
import { bandEdges, type NoTradeBand } from '#domain/noTradeBand.ts';
import {
  holdingsAfter,
  planRebalance,
  rulesUnder,
  type Holdings,
  type RebalancePlan,
  type RebalanceRules,
} from '#domain/rebalance.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { benefitOfTrade } from '#domain/tradeWorth.ts';

const session = sessionDate('2024-06-03');
const symbols = ['AAPL', 'AMZN', 'GOOG', 'IBM', 'MSFT', 'XOM'] as const;
const fraction = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true });
const maybe = <T>(key: string, value: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Record<string, T>>> =>
  fc.option(value, { nil: undefined }).map((one) => (one === undefined ? {} : { [key]: one }));

const rates: fc.Arbitrary<CostRates> = fc.record({
  halfSpreadBasisPoints: fraction(50),
  commissionBasisPoints: fraction(20),
  schedule: fc.option(fc.constantFrom(...brokerScheduleNames), { nil: null }),
});
const band: fc.Arbitrary<NoTradeBand> = fc
  .tuple(maybe('relativeFraction', fraction(1)), fraction(0.2), fc.constantFrom('edge' as const, 'target' as const))
  .map(([relative, absoluteFraction, to]) => ({ ...relative, absoluteFraction, to }));
const worth = fc.record({
  riskAversion: fc.double({ min: 0.1, max: 20, noNaN: true }),
  horizonSessions: fc.integer({ min: 1, max: 252 }),
  dailyDeviations: fc.array(fraction(0.05), { minLength: 6, maxLength: 6 }).map((each) => bySymbol(each)),
});
const charged = fc
  .record({ noTradeFraction: fraction(0.01), cashBufferFraction: fraction(0.05), charged: rates })
  .map(({ charged: one, ...rules }): RebalanceRules => ({ ...rules, charges: { rates: one, session } }));
const anyRules = fc
  .tuple(charged, maybe('band', band), maybe('worth', worth), fc.constantFrom(1, 1, 10, 100))
  .map(([rules, banded, worthy, lot]): RebalanceRules => ({ ...rules, ...banded, ...worthy, lotShares: shares(lot) }));

/** A long-only account in six symbols with targets of at most all of equity. */
const accounts = fc
  .record({
    cash: fc.integer({ min: 0, max: 10_000_000_000 }),
    each: fc.array(
      fc.record({
        held: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 })),
        price: fc.integer({ min: 10_000, max: 10_000_000 }),
        appetite: fc.oneof(fc.constant(0), fc.nat({ max: 100 })),
      }),
      { minLength: symbols.length, maxLength: symbols.length },
    ),
    spare: fc.nat({ max: 100 }),
  })
  .map(({ cash, each, spare }) => {
    const whole = each.reduce((total, { appetite }) => total + appetite, spare) || 1;
    const prices = bySymbol(each.map(({ price }) => money(price)));
    const positions = bySymbol(each.map(({ held }) => shares(held)));
    return {
      holdings: holdingsOf(cash, positions, prices),
      targets: bySymbol(each.map((one) => one.appetite / whole)),
    };
  });

function bySymbol<T>(values: readonly T[]): Record<string, T> {
  return Object.fromEntries(symbols.map((symbol, index) => [symbol, values[index]!]));
}

function holdingsOf(cash: number, positions: Record<string, Shares>, prices: Record<string, Money>): Holdings {
  const value = Object.entries(positions).reduce((sum, [symbol, held]) => sum + held * prices[symbol]!, 0);
  return { cash: money(cash), equity: money(cash + value), positions, prices };
}

const dollarsEach = (positions: Record<string, number>, cash: number, prices: Record<string, number>): Holdings =>
  holdingsOf(
    moneyFromDollars(cash),
    Object.fromEntries(Object.entries(positions).map(([symbol, held]) => [symbol, shares(held)])),
    Object.fromEntries(Object.entries(prices).map(([symbol, price]) => [symbol, moneyFromDollars(price)])),
  );
const free: RebalanceRules = { noTradeFraction: 0, cashBufferFraction: 0 };
const noCosts = { rates: { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 }, session };
const reasonsOf = ({ lines }: RebalancePlan): Record<string, string> =>
  Object.fromEntries(lines.map(({ symbol, reason, change }) => [symbol, `${reason} ${change}`]));

describe('a rebalance that knows what trading costs', () => {
  it('never leaves cash under zero, and what is left and what was spent are the cash exactly', () =>
    fc.assert(
      fc.property(accounts, anyRules, ({ holdings, targets }, rules) => {
        const plan = planRebalance(targets, holdings, rules);
        const spent = plan.trades.reduce((sum, { side, quantity, referencePrice: printed }) => {
          return sum - costOfFill({ side, printed, quantity, session }, rules.charges!.rates).cashChange;
        }, 0);
        expect(plan.leftover).toBe(holdings.cash - spent);
        expect(plan.leftover).toBeGreaterThanOrEqual(0);
        const { cash, equity, positions, prices } = holdingsAfter(holdings, plan);
        expect(equity).toBe(holdingsOf(cash, { ...positions }, { ...prices }).equity);
      }),
    ));

  it('keeps its buffer whenever it buys', () =>
    fc.assert(
      fc.property(accounts, anyRules, ({ holdings, targets }, rules) => {
        const { trades, leftover, cost } = planRebalance(targets, holdings, rules);
        if (trades.every(({ side }) => side === 'sell')) return;
        expect(leftover).toBeGreaterThanOrEqual(Math.floor(rules.cashBufferFraction * (holdings.equity - cost)) - 1);
      }),
    ));

  it('trades whole lots, but sells all of what it leaves, and never more than is held', () =>
    fc.assert(
      fc.property(accounts, anyRules, ({ holdings, targets }, rules) => {
        for (const { change, held, reason } of planRebalance(targets, holdings, rules).lines) {
          const isWhole = change % (rules.lotShares ?? 1) === 0 || (reason === 'leaves' && held + change === 0);
          expect(isWhole).toBe(true);
          expect(held + change).toBeGreaterThanOrEqual(0);
        }
      }),
    ));

  it('has nothing left to do right after', () =>
    fc.assert(
      fc.property(accounts, anyRules, ({ holdings, targets }, rules) => {
        const plan = planRebalance(targets, holdings, rules);
        expect(planRebalance(targets, holdingsAfter(holdings, plan), rules).trades).toEqual([]);
      }),
    ));

  it('orders nothing that costs more than it is worth, but for what it leaves', () =>
    fc.assert(
      fc.property(accounts, anyRules, ({ holdings, targets }, rules) => {
        for (const { change, reason, cost, benefit } of planRebalance(targets, holdings, rules).lines) {
          const isTraded = change !== 0 && reason !== 'leaves';
          expect(isTraded && benefit !== undefined && cost > benefit).toBe(false);
          expect(reason === 'costOverBenefit' && cost <= benefit!).toBe(false);
        }
      }),
    ));
});

describe('a no-trade band', () => {
  const fifths = { AAPL: 0.2, IBM: 0.2, XOM: 0.2 };
  // Of 10,000 dollars AAPL is 26, IBM 14 and XOM 22 percent.
  const drifted = dollarsEach({ AAPL: 260, IBM: 140, XOM: 220 }, 3_800, { AAPL: 10, IBM: 10, XOM: 10 });
  const banded = (given: NoTradeBand): Record<string, string> =>
    reasonsOf(planRebalance(fifths, drifted, { ...free, band: given }));

  it('leaves a weight within it, and brings one outside to its edge', () =>
    expect(banded({ absoluteFraction: 0.05, to: 'edge' })).toEqual({
      AAPL: 'toEdge -10',
      IBM: 'toEdge 10',
      XOM: 'withinBand 0',
    }));

  it('brings one outside to its target where it is told to', () =>
    expect(banded({ absoluteFraction: 0.05, to: 'target' })).toEqual({
      AAPL: 'toTarget -60',
      IBM: 'toTarget 60',
      XOM: 'withinBand 0',
    }));

  it('may be a part of the target; of two widths the narrower holds', () => {
    expect(bandEdges(0.2, { relativeFraction: 0.25, to: 'edge' })).toEqual({ low: 0.15000000000000002, high: 0.25 });
    const both = bandEdges(0.2, { absoluteFraction: 0.02, relativeFraction: 0.25, to: 'edge' });
    expect(both.high - 0.2).toBeCloseTo(0.02, 12);
    expect(bandEdges(0.01, { absoluteFraction: 0.05, to: 'edge' }).low).toBe(0);
  });

  it('never keeps what is no longer aimed at, nor what it is told to let go', () => {
    const band: NoTradeBand = { absoluteFraction: 0.5, to: 'edge' };
    expect(reasonsOf(planRebalance({ AAPL: 0.2, IBM: 0.2 }, drifted, { ...free, band }))).toMatchObject({
      AAPL: 'withinBand 0',
      XOM: 'leaves -220',
    });
    expect(reasonsOf(planRebalance(fifths, drifted, { ...free, band, unbanded: ['AAPL'] }))).toEqual({
      AAPL: 'toTarget -60',
      IBM: 'withinBand 0',
      XOM: 'withinBand 0',
    });
  });

  it('does not hold an account that reduces', () => {
    const rules = { ...free, band: { absoluteFraction: 0.1, to: 'edge' } } as const;
    expect(rulesUnder('active', rules)).toEqual(rules);
    expect(rulesUnder('reducing', rules)).toEqual(free);
  });

  it('that is wider wants to trade no more of any symbol', () =>
    fc.assert(
      fc.property(accounts, anyRules, fc.tuple(band, fraction(0.2)), ({ holdings, targets }, rules, [narrow, more]) => {
        const { absoluteFraction = 0, relativeFraction = 0 } = narrow;
        const wide = {
          ...narrow,
          absoluteFraction: absoluteFraction + more,
          relativeFraction: relativeFraction + more,
        };
        // Without charges a change never depends on another; with cash for everything none is cut.
        const { charges: _, worth: __, ...others } = rules;
        const rich = { ...holdings, cash: money(holdings.equity * 10), equity: holdings.equity };
        const by = (one: NoTradeBand) => planRebalance(targets, rich, { ...others, band: one }).lines;
        const [less, most] = [by(wide), by({ relativeFraction, ...narrow })];
        for (const [place, { change }] of less.entries()) {
          expect(Math.abs(change)).toBeLessThanOrEqual(Math.abs(most[place]!.change));
        }
      }),
    ));

  it.each([
    ['no width', { to: 'edge' }],
    ['a negative width', { absoluteFraction: -0.1, to: 'edge' }],
    ['a width that is no number', { relativeFraction: Number.NaN, to: 'target' }],
  ] as const)('of %s is refused', (_, one) =>
    expect(() => planRebalance(fifths, drifted, { ...free, band: one })).toThrow(RangeError),
  );
});

describe('what a trade is worth', () => {
  const worthOf = (riskAversion: number) =>
    ({ riskAversion, horizonSessions: 100, dailyDeviations: { AAPL: 0.02, IBM: 0.02, XOM: 0.02 } }) as const;

  it('is half the aversion times the variance that it takes away until the next rebalance', () => {
    const move = { before: 0.1, after: 0.05, equity: moneyFromDollars(100_000) };
    // 5 / 2 x 0.0004 x 100 x (0.01 - 0.0025) x 100,000 dollars.
    expect(benefitOfTrade('AAPL', move, worthOf(5))).toBe(moneyFromDollars(75));
  });

  it('decides whether the trade is made: under its cost it is left, and what it would have cost is told', () => {
    const account = dollarsEach({ AAPL: 2_100 }, 79_000, { AAPL: 10 });
    const charges = { rates: { halfSpreadBasisPoints: 10, commissionBasisPoints: 0 }, session };
    const by = (riskAversion: number) =>
      planRebalance({ AAPL: 0.2 }, account, { ...free, charges, worth: worthOf(riskAversion) });
    // 1,000 dollars at ten basis points cost a dollar; a percent of weight is worth 0.2 dollars an aversion of 1.
    expect(by(4).lines).toMatchObject([{ change: 0, reason: 'costOverBenefit', cost: 10_000, benefit: 8_000 }]);
    // The cost is taken off equity first: a share more than a thousand dollars' worth.
    expect(by(6).lines).toMatchObject([{ change: -101, reason: 'toTarget', cost: 10_100 }]);
    expect(by(4).leftover).toBe(moneyFromDollars(79_000));
  });

  it('is nothing that what is no longer aimed at waits for', () => {
    const rules = { ...free, charges: { ...noCosts, rates: { halfSpreadBasisPoints: 10, commissionBasisPoints: 0 } } };
    const plan = planRebalance({}, dollarsEach({ IBM: 1 }, 1_000, { IBM: 10 }), { ...rules, worth: worthOf(1) });
    expect(reasonsOf(plan)).toEqual({ IBM: 'leaves -1' });
  });

  it('must be known of every symbol', () =>
    expect(() => planRebalance({ MSFT: 1 }, dollarsEach({}, 100, { MSFT: 1 }), { ...free, worth: worthOf(1) })).toThrow(
      RangeError,
    ));
});

describe('cash', () => {
  it('is spent to the last lot where costs are known, for who lacks most first', () => {
    const account = dollarsEach({}, 1_000, { AAPL: 90, IBM: 70 });
    const targets = { AAPL: 0.5, IBM: 0.5 };
    expect(reasonsOf(planRebalance(targets, account, { ...free, cashBufferFraction: 0.1 }))).toEqual({
      AAPL: 'cutToCash 4',
      IBM: 'cutToCash 6',
    });
    const plan = planRebalance(targets, account, { ...free, cashBufferFraction: 0.1, charges: noCosts });
    expect(reasonsOf(plan)).toEqual({ AAPL: 'toTarget 5', IBM: 'cutToCash 6' });
    expect(plan.leftover).toBe(moneyFromDollars(130));
  });

  it('is never taken by a sale: one that brings less than its fees is left', () => {
    const account = { ...dollarsEach({ AAPL: 1 }, 0, { AAPL: 1 }), prices: { AAPL: money(50) }, equity: money(50) };
    const charges = { ...noCosts, rates: { ...noCosts.rates, schedule: 'alpaca' as const } };
    const plan = planRebalance({}, account, { ...free, charges });
    expect(reasonsOf(plan)).toEqual({ AAPL: 'costOverProceeds 0' });
    expect(plan).toMatchObject({ trades: [], leftover: 0, lines: [{ cost: 200 }] });
  });

  it('of a change too small to trade stays where it is', () => {
    const account = dollarsEach({ AAPL: 10 }, 900, { AAPL: 10 });
    expect(reasonsOf(planRebalance({ AAPL: 0.12 }, account, { ...free, noTradeFraction: 0.05 }))).toEqual({
      AAPL: 'tooSmall 0',
    });
    expect(reasonsOf(planRebalance({ AAPL: 0.1 }, account, free))).toEqual({ AAPL: 'atTarget 0' });
  });

  it.each([
    ['a lot of nothing', { lotShares: shares(0) }],
    ['a negative buffer', { cashBufferFraction: -0.1 }],
    ['a negative least change', { noTradeFraction: -0.1 }],
  ])('is not spent by rules with %s', (_, wrong) =>
    expect(() => planRebalance({}, dollarsEach({}, 1, {}), { ...free, ...wrong })).toThrow(RangeError),
  );
});
