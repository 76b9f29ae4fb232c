import { weighGate } from '#domain/promotion.ts';
import { returnFigures } from '#pipelines/metrics.ts';
import { monteCarlo } from '#pipelines/monteCarlo.ts';
import type { TearSheet, Unknown } from '#pipelines/tearSheet/sheet.ts';
import { validationSheet } from '#pipelines/validationSheet.ts';
import { randomNumbers, weekdays } from '../randomBars.ts';
import { randomEvidence } from '../randomEvidence.ts';

/** A sheet of which everything is known. */
export type KnownSheet = { readonly [Part in keyof TearSheet]: Exclude<TearSheet[Part], Unknown> };

/** The sheet of a model that was validated, of random targets. */
export function modelSheet(evidence = randomEvidence()): TearSheet {
  const subject = { model: 'forecaster', modelVersion: '3', artifactDigest: 'ab'.repeat(32) };
  return validationSheet(subject, evidence, { gates: [], caveats: ['Six survivors are no universe.'] });
}

/** A sheet of random returns with everything on it. */
export function randomSheet(count: number, seed = 1): KnownSheet {
  const next = randomNumbers(seed);
  const curve = (): number[] => Array.from({ length: count }, () => 0.001 + 0.02 * (next() - 0.5));
  const sessions = weekdays(count);
  const [strategy, benchmark, ridge] = [curve(), curve(), curve()];
  const { fan, totalReturn } = monteCarlo(
    strategy,
    { method: 'bootstrap', paths: 20, meanBlockSessions: 5, ruinDrawdown: 0.2 },
    randomNumbers(seed),
  );
  return {
    title: 'forecaster 3',
    subtitle: 'walk-forward, out of sample',
    sessions,
    strategy,
    benchmark,
    baselines: { ridge },
    metrics: {
      strategy: { ...returnFigures(strategy, benchmark) },
      benchmark: { ...returnFigures(benchmark) },
      ridge: { ...returnFigures(ridge, benchmark) },
    },
    windows: [
      { index: 0, testFrom: '2020-01-01', testTo: '2020-03-27', sharpe: 1.5, totalReturn: 0.1 },
      { index: 1, testFrom: '2020-01-30', testTo: '2020-04-27', sharpe: -0.5, totalReturn: -0.02 },
      { index: 2, testFrom: '2020-02-28', testTo: '2020-05-26', sharpe: null, totalReturn: 0 },
    ],
    monteCarlo: { method: 'Blocks of days.', fan, summary: { 'total return, median': totalReturn.p50 } },
    gates: [
      weighGate(
        {
          name: 'worth trading',
          criteria: [
            { metric: 'walkForward.sharpe', comparison: 'atLeast', threshold: 1, reason: 'pays for its risk' },
          ],
        },
        { 'walkForward.sharpe': 0.5 },
      ),
    ],
    risk: {
      procedure: {
        denied: { POSITION_OVER_LIMIT: 2 },
        reduced: { LEVERAGE_OVER_LIMIT: 4 },
        changes: [{ session: sessions[3]!, at: 'close', to: 'halted', reason: 'drawdown 10.20 %' }],
        reducingSessions: 1,
        haltedSessions: 5,
      },
      holdout: { denied: {}, reduced: {}, changes: [], reducingSessions: 0, haltedSessions: 0 },
    },
    exposure: Array.from(strategy, () => next()),
    turnover: Array.from(strategy, () => 0.1 * next()),
    costs: { dollars: { commission: 120, 'half spreads': 480 }, tradedDollars: 1_000_000 },
    trades: Array.from({ length: 40 }, (_, index) => ({
      symbol: 'AAA',
      side: index % 3 === 0 ? ('short' as const) : ('long' as const),
      quantity: 10,
      openedOn: sessions[0]!,
      closedOn: sessions[Math.min(count - 1, index)]!,
      profitDollars: 1_000 * (next() - 0.4),
      profitFraction: 0.1 * (next() - 0.4),
    })),
    book: {
      session: sessions[0]!,
      equityDollars: 100_000,
      positions: [{ symbol: 'AAA', value: 50_000, dailyValueTraded: 1_000_000, dailyVolatility: 0.02 }],
      stopGaps: { openings: count, through: 0, worst: null },
    },
    caveats: ['Six survivors are no universe.'],
  };
}
