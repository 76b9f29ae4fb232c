import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crossByColumns, crossByEvents, crossingBars, crossingMarket, roundingOf } from '#test/bench/backtestCases.ts';

interface Expected {
  readonly per_symbol: readonly { readonly symbol: number; readonly fills: number; readonly pnl: number }[];
  readonly engines: Readonly<Record<string, { readonly fills: number; readonly pnl: number } | null>>;
}

const [file, answers] = ['../shared/bench/inputs/rets500.bin', '../shared/bench/expected/backtest.json'];
const present = existsSync(file) && existsSync(answers);
if (!present) console.warn(`skipped: known answers of other engines are not there (${answers})`);

describe.skipIf(!present)('the crossing of two averages over 5,000 bars', () => {
  const expected = present ? (JSON.parse(readFileSync(answers, 'utf8')) as Expected) : undefined;

  it('has the fills and the profit that numpy gives, symbol by symbol, by events and by columns', () => {
    const bars = crossingBars(file, 10);
    expect(expected!.per_symbol.length).toBe(10);
    for (const { symbol, fills, pnl } of expected!.per_symbol) {
      for (const ours of [crossByEvents([bars[symbol]!]), crossByColumns(crossingMarket([bars[symbol]!]))]) {
        expect(ours.fills).toBe(fills);
        expect(Math.abs(ours.pnl - pnl)).toBeLessThanOrEqual(roundingOf(ours));
      }
    }
  });

  it('has those of every engine on fifty symbols', () => {
    const bars = crossingBars(file, 50);
    const [events, columns] = [crossByEvents(bars), crossByColumns(crossingMarket(bars))];
    expect(columns).toEqual(events);
    const engines = Object.entries(expected!.engines).filter(
      ([name, told]) => name.endsWith('_50') && told?.fills !== undefined,
    );
    expect(engines.length).toBeGreaterThanOrEqual(4);
    for (const [name, told] of engines) {
      expect([name, told!.fills]).toEqual([name, events.fills]);
      // NautilusTrader charges whole cents.
      const apart = name.startsWith('nautilus') ? 0.005 * events.fills : roundingOf(events);
      expect(Math.abs(told!.pnl - events.pnl)).toBeLessThanOrEqual(apart);
    }
  });
});
