import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { returnFigures } from '#pipelines/metrics.ts';

const folder = new URL('../../../../../shared/bench/', import.meta.url);
const inputs = new URL('inputs/metrics_returns.bin', folder);
const answers = new URL('expected/metrics.json', folder);
const present = existsSync(inputs) && existsSync(answers);
if (!present) console.warn('skipped: the answers of numpy, empyrical and quantstats are not beside this checkout');

describe.skipIf(!present)('figures of 2,520 daily returns agree with numpy, empyrical and quantstats', () => {
  const bytes = present ? readFileSync(inputs) : Buffer.alloc(0);
  const both = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const sessions = both.length / 2;
  const expected = (present ? JSON.parse(readFileSync(answers, 'utf8')) : {}) as Readonly<
    Record<'numpy' | 'empyrical' | 'quantstats', Readonly<Record<string, number>>>
  >;

  // Peers give losses a minus sign; their information ratio is a day's where not said otherwise.
  const figures = [
    ['numpy', 'sharpe', 'sharpe', 1],
    ['numpy', 'sortino', 'sortino', 1],
    ['numpy', 'calmar', 'calmar', 1],
    ['numpy', 'max_drawdown', 'maximumDrawdown', -1],
    ['numpy', 'annual_return', 'annualReturn', 1],
    ['numpy', 'volatility', 'annualVolatility', 1],
    ['numpy', 'var95_hist', 'valueAtRisk95', -1],
    ['numpy', 'var99_hist', 'valueAtRisk99', -1],
    ['numpy', 'cvar95_hist', 'expectedShortfall95', -1],
    ['numpy', 'cvar99_hist', 'expectedShortfall99', -1],
    ['numpy', 'tracking_error', 'trackingError', 1],
    ['numpy', 'information_ratio_annual', 'informationRatio', 1],
    ['numpy', 'beta', 'beta', 1],
    ['numpy', 'profit_factor', 'profitFactor', 1],
    ['numpy', 'win_rate', 'winRate', 1],
    ['numpy', 'total_return', 'totalReturn', 1],
    ['empyrical', 'sharpe', 'sharpe', 1],
    ['empyrical', 'cvar95', 'expectedShortfall95', -1],
    ['empyrical', 'beta', 'beta', 1],
    ['quantstats', 'sortino', 'sortino', 1],
    ['quantstats', 'tracking_error', 'trackingError', 1],
    ['quantstats', 'calmar', 'calmar', 1],
  ] as const;

  it.each(figures.map(([peer, theirs, ours, sign]) => ({ peer, theirs, ours, sign })))(
    '$peer: $theirs is our $ours',
    ({ peer, theirs, ours, sign }) => {
      const answer = returnFigures(both.slice(0, sessions), both.slice(sessions));
      expect(answer[ours]).toBeCloseTo(sign * expected[peer][theirs]!, 10);
    },
  );

  it('a win over a loss is the payoff of quantstats', () => {
    const { averageWin, averageLoss } = returnFigures(both.slice(0, sessions));
    expect(averageWin! / averageLoss!).toBeCloseTo(expected.quantstats.payoff!, 10);
  });
});
