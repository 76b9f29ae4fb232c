import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceTerms } from '#domain/barMatching.ts';
import type { DailyBars } from '#domain/bars.ts';
import { dividendCash } from '#domain/dividends.ts';
import { money, moneyFromDollars, shares, type Money } from '#domain/money.ts';
import type { Funding } from '#pipelines/backtest/account.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import type { OrderRequest } from '#pipelines/backtest/order.ts';
import { playStrategy, type BacktestResult, type PlayRequest } from '#pipelines/backtest/playStrategy.ts';
import type { Desk, Strategy } from '#pipelines/backtest/strategy.ts';
import { firstRows, randomBars, randomNumbers, weekdays } from '../randomBars.ts';

const count = 60;
const dates = weekdays(count);
const names = ['A', 'B', 'C'] as const;
const rates = { halfSpreadBasisPoints: 4, commissionBasisPoints: 3 };
const cash = moneyFromDollars(100_000);
const margin: Funding = { kind: 'margin', leverageMax: 2, financingBasisPoints: 500, borrowBasisPoints: 300 };
const fraction = 0.000_5;

function barsOf(seed: number): readonly DailyBars[] {
  return names.map((name, index) => randomBars(name, dates, seed + index));
}

/** Orders of every kind at every moment, around the last close; what it draws depends on the session alone. */
function anything(seed: number): Strategy {
  const at = (moment: number) => (desk: Desk) => {
    const next = randomNumbers(seed + 7 * dates.indexOf(desk.session) + moment);
    if (next() < 0.15) for (const { id } of desk.working()) desk.cancel(id);
    const wanted = Math.floor(3 * next());
    desk.submit(Array.from({ length: wanted }, () => randomOrder(desk, next)));
  };
  return { beforeOpen: at(1), afterOpen: at(2), afterClose: at(3) };
}

function randomOrder(desk: Desk, next: () => number): OrderRequest {
  const symbol = Math.floor(names.length * next());
  const near = (): Money => money(Math.round((desk.lastClose(symbol) ?? cash / 1_000) * (0.97 + 0.06 * next())));
  const [limitPrice, stopPrice] = [near(), near()];
  const kinds: readonly PriceTerms[] = [
    { kind: 'market' },
    { kind: 'limit', limitPrice },
    { kind: 'stop', stopPrice },
    { kind: 'stopLimit', stopPrice, limitPrice },
  ];
  const times = [
    'day',
    'closing',
    'untilCancelled',
    ...(desk.phase === 'beforeOpen' ? (['opening'] as const) : []),
  ] as const;
  return {
    symbol,
    side: next() < 0.5 ? 'buy' : 'sell',
    quantity: shares(1 + Math.floor(600 * next())),
    terms: kinds[Math.floor(kinds.length * next())]!,
    timeInForce: times[Math.floor(times.length * next())]!,
    reduceOnly: next() < 0.3,
  };
}

function play(seed: number, bars = barsOf(seed), change: Partial<PlayRequest> = {}): BacktestResult {
  return playStrategy({
    market: layOutMarket({ bars, dividends: 'credited' }),
    strategy: anything(seed),
    cash,
    rates,
    participationFraction: fraction,
    ...(seed % 2 === 0 && { funding: margin }),
    ...change,
  });
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });
const runs = { numRuns: 60 };

describe('whatever is ordered', () => {
  it('cash and shares are what executions, dividends and interest made of them, to the last unit', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const bars = barsOf(seed);
        const result = play(seed, bars);
        const market = layOutMarket({ bars, dividends: 'credited' });
        let paid = 0;
        const held = new Map<string, number>();
        let dividends = 0;
        for (const [row, session] of result.sessions.entries()) {
          for (const { symbol, dividends: told } of market.symbols) {
            dividends += dividendCash(told.get(row) ?? 0, shares(held.get(symbol) ?? 0));
          }
          for (const { symbol, side, price, quantity, commission } of result.fills.filter(
            (one) => one.session === session,
          )) {
            const signed = (side === 'buy' ? 1 : -1) * quantity;
            paid += signed * price + commission;
            held.set(symbol, (held.get(symbol) ?? 0) + signed);
          }
          const carry = row === result.sessions.length - 1 ? result.financing + result.borrow : 0;
          if (row < result.sessions.length - 1) continue;
          const worth = market.symbols.reduce(
            (sum, { symbol, close }) => sum + (held.get(symbol) ?? 0) * close[row]!,
            0,
          );
          expect(result.equity[row]).toBe(cash - paid + dividends - carry + worth);
        }
        expect(result.dividends).toBe(dividends);
      }),
      runs,
    );
  });

  it('nothing trades outside the range of its session, before its decision, or over its part of the volume', () => {
    let filled = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const bars = barsOf(seed);
        const { fills, orders } = play(seed, bars);
        const traded = new Map<string, number>();
        for (const fill of fills) {
          filled += 1;
          const one = bars.find(({ symbol }) => symbol === fill.symbol)!;
          const row = dates.indexOf(fill.session);
          const price = fill.price - ((fill.side === 'buy' ? 1 : -1) * fill.slippage) / fill.quantity;
          expect(price).toBeGreaterThanOrEqual(Math.round(one.low[row]! * 10_000));
          expect(price).toBeLessThanOrEqual(Math.round(one.high[row]! * 10_000));
          const { decidedIn, decidedAt, quantity } = orders[fill.order]!;
          expect(fill.session > decidedIn || (fill.session === decidedIn && decidedAt !== 'closed')).toBe(true);
          expect(fill.quantity).toBeLessThanOrEqual(quantity);
          const key = `${fill.symbol} ${fill.session} ${fill.at === 'open'}`;
          const volume = one.volume[fill.at === 'open' ? row - 1 : row]!;
          traded.set(key, (traded.get(key) ?? 0) + fill.quantity);
          expect(traded.get(key)).toBeLessThanOrEqual(Math.floor(volume * fraction));
        }
        for (const { id, filledQuantity, quantity } of orders) {
          expect(fills.filter((one) => one.order === id).reduce((sum, one) => sum + one.quantity, 0)).toBe(
            filledQuantity,
          );
          expect(filledQuantity).toBeLessThanOrEqual(quantity);
        }
      }),
      runs,
    );
    expect(filled).toBeGreaterThan(1_000);
  });

  it('a cash account is never short and never owes', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        let least = Number(cash);
        const watched = anything(seed);
        const watch: Strategy = {
          ...watched,
          onFill: (_, desk) => {
            least = Math.min(least, desk.cash, ...names.map((_name, symbol) => desk.held(symbol)));
          },
        };
        play(seed, barsOf(seed), { funding: { kind: 'cash' }, strategy: watch });
        expect(least).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  it('what was played before a day is the same whatever follows it', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: count - 1 }), (seed, cut) => {
        // Dividends are read out of adjusted closes, which later ones reach back into by a common factor only.
        const whole = play(seed, barsOf(seed), { participationFraction: 1 });
        const past = play(
          seed,
          barsOf(seed).map((one) => firstRows(one, cut)),
          { participationFraction: 1 },
        );
        expect(whole.equity.slice(0, cut)).toEqual(past.equity);
        expect(whole.fills.filter(({ session }) => session < dates[cut]!)).toEqual(past.fills);
      }),
      runs,
    );
  });
});
