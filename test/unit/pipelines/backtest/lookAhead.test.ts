import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { moneyFromDollars, shares } from '#domain/money.ts';
import { createUniverse } from '#domain/universe.ts';
import { findStrategyLookAhead, type LookAheadReport } from '#pipelines/backtest/lookAhead.ts';
import type { Desk, Strategy } from '#pipelines/backtest/strategy.ts';
import { parametersOf } from '#pipelines/strategies/definition.ts';
import { strategies } from '#pipelines/strategies/registry.ts';
import { survivorship } from '#pipelines/survivorship.ts';
import { firstRows, randomBars, weekdays } from '../randomBars.ts';

const dates = weekdays(400);
const account = {
  cash: moneyFromDollars(1_000_000),
  rates: { halfSpreadBasisPoints: 1, commissionBasisPoints: 0 },
} as const;
const three = ['A', 'B', 'C'].map((symbol, index) => randomBars(symbol, dates, 30 + index));
/** B stops in the middle: it goes bankrupt. */
const oneGone = three.map((one) => (one.symbol === 'B' ? firstRows(one, 250) : one));

function look(create: (bars: readonly DailyBars[]) => Strategy, bars = three): LookAheadReport {
  return findStrategyLookAhead({ bars, create, account, cuts: 12 });
}

/** Holds 100 shares of each symbol while a figure of its newest bar says so. */
function following(says: (symbol: string, row: number) => boolean): Strategy {
  return {
    afterClose(desk) {
      for (const [symbol, name] of desk.symbols.entries()) {
        const wanted = says(name, desk.history.count(symbol) - 1);
        if (!desk.history.printed(symbol) || wanted === desk.held(symbol) > 0) continue;
        order(desk, symbol, wanted);
      }
    },
  };
}

function order(desk: Desk, symbol: number, buys: boolean): void {
  const what = { symbol, quantity: shares(100), terms: { kind: 'market' }, timeInForce: 'opening' } as const;
  desk.submit([{ ...what, side: buys ? 'buy' : 'sell' }]);
}

/** Cheat: the feature is the return of the session that comes. */
function futureClose(bars: readonly DailyBars[]): Strategy {
  const rises = new Map(
    bars.map(({ symbol, close }) => [symbol, close.map((now, row) => (close[row + 1] ?? now) / now)]),
  );
  return following((symbol, row) => (rises.get(symbol)?.[row] ?? 0) > 1.005);
}

/** Cheat: closes are scaled by the mean of all of them, those to come included. */
function scaledOnEverything(bars: readonly DailyBars[]): Strategy {
  const scaled = new Map(
    bars.map(({ symbol, close }) => {
      const mean = close.reduce((sum, value) => sum + value, 0) / close.length;
      return [symbol, close.map((value) => value / mean)];
    }),
  );
  return following((symbol, row) => (scaled.get(symbol)?.[row] ?? 1) < 1);
}

/** Cheat: only what is still listed at the end of the data is traded. */
function survivors(bars: readonly DailyBars[]): Strategy {
  const last = bars
    .map(({ sessions }) => sessions.at(-1)!)
    .toSorted()
    .at(-1);
  const alive = new Set(bars.filter(({ sessions }) => sessions.at(-1) === last).map(({ symbol }) => symbol));
  return following((symbol, row) => alive.has(symbol) && row % 20 < 10);
}

describe('looking ahead', () => {
  it('is caught by name where a feature reads the close to come', () => {
    const { kinds, changes } = look(futureClose);
    expect(kinds).toEqual(['futurePrice']);
    expect(Math.max(...changes.map(({ sessionsBeforeCut }) => sessionsBeforeCut))).toBe(0);
    expect(changes[0]!.withFuture).not.toEqual(changes[0]!.withoutFuture);
  });

  it('is caught by name where a scaler was fitted on all data', () => {
    const { kinds, changes } = look(scaledOnEverything);
    expect(kinds).toEqual(['fittedOnWholeSample']);
    expect(changes.length).toBeGreaterThan(6);
  });

  it('is caught by name where the universe holds survivors alone', () => {
    const { kinds, changes } = look(survivors, oneGone);
    expect(kinds).toEqual(['survivorUniverse']);
    expect(new Set(changes.map(({ symbol }) => symbol))).toEqual(new Set(['B']));
  });

  it('cannot be seen where bars of the departed were never there, but membership tells it', () => {
    const left = three.filter(({ symbol }) => symbol !== 'B');
    expect(look(survivors, left).kinds).toEqual([]);
    const universe = createUniverse([
      { symbol: 'A', from: dates[0]! },
      { symbol: 'B', from: dates[0]!, until: dates[250]! },
      { symbol: 'C', from: dates[0]! },
    ]);
    expect(survivorship(universe, left, dates)).toMatchObject({
      neverHeld: ['B'],
      stayed: { memberSessions: 800, held: 800 },
      left: { memberSessions: 250, held: 0 },
    });
  });

  it.each(strategies.map(({ name }) => name))('is not found in %s', (name) => {
    const definition = strategies.find((one) => one.name === name)!;
    const report = look((bars) => definition.create({ bars, parameters: parametersOf(definition, {}) }), oneGone);
    expect(report).toMatchObject({ changes: [], kinds: [] });
    expect(report.cuts).toHaveLength(12);
    expect(report.comparedOrders).toBeGreaterThan(0);
  });
});
