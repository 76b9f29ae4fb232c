import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { standardNormal } from '#domain/distributions.ts';
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
    ['empyrical', 'sortino', 'sortino', 1],
    ['empyrical', 'calmar', 'calmar', 1],
    ['empyrical', 'max_drawdown', 'maximumDrawdown', -1],
    ['empyrical', 'var95_hist', 'valueAtRisk95', -1],
    ['empyrical', 'cvar95', 'expectedShortfall95', -1],
    ['empyrical', 'beta', 'beta', 1],
    ['empyrical', 'annual_return', 'annualReturn', 1],
    ['empyrical', 'volatility', 'annualVolatility', 1],
    ['empyrical', 'omega', 'omega', 1],
    ['empyrical', 'tail_ratio', 'tailRatio', 1],
    ['empyrical', 'stability', 'stability', 1],
    ['empyrical', 'downside_risk', 'downsideRisk', 1],
    ['quantstats', 'sharpe', 'sharpe', 1],
    ['quantstats', 'sortino', 'sortino', 1],
    ['quantstats', 'calmar', 'calmar', 1],
    ['quantstats', 'max_drawdown', 'maximumDrawdown', -1],
    ['quantstats', 'var95_normal', 'normalValueAtRisk95', -1],
    ['quantstats', 'tracking_error', 'trackingError', 1],
    ['quantstats', 'beta', 'beta', 1],
    ['quantstats', 'alpha', 'alpha', 1],
    ['quantstats', 'profit_factor', 'profitFactor', 1],
    ['quantstats', 'win_rate', 'winRate', 1],
    ['quantstats', 'cagr', 'annualReturn', 1],
    ['quantstats', 'volatility', 'annualVolatility', 1],
    ['quantstats', 'skew', 'skewness', 1],
    ['quantstats', 'kurtosis', 'excessKurtosis', 1],
    ['quantstats', 'tail_ratio', 'tailRatio', 1],
    ['quantstats', 'omega', 'omega', 1],
    ['quantstats', 'payoff', 'payoffRatio', 1],
    ['quantstats', 'comp', 'totalReturn', 1],
  ] as const;

  it.each(figures.map(([peer, theirs, ours, sign]) => ({ peer, theirs, ours, sign })))(
    '$peer: $theirs is our $ours',
    ({ peer, theirs, ours, sign }) => {
      const answer = returnFigures(both.slice(0, sessions), both.slice(sessions));
      expect(answer[ours]).toBeCloseTo(sign * expected[peer][theirs]!, 10);
    },
  );

  describe('where a definition differs, the difference is the one that is stated', () => {
    const ours = returnFigures(both.slice(0, sessions), both.slice(sessions));

    it("the others' information ratio is a day's", () => {
      for (const peer of ['numpy', 'empyrical', 'quantstats'] as const) {
        const daily = expected[peer].information_ratio_daily!;
        expect(ours.informationRatio! / Math.sqrt(252)).toBeCloseTo(daily, 10);
      }
    });

    it('empyrical compounds the alpha of a day', () => {
      expect((1 + ours.alpha! / 252) ** 252 - 1).toBeCloseTo(expected.empyrical.alpha!, 10);
    });

    it('the ulcer index of quantstats divides by one session less', () => {
      expect(ours.ulcerIndex! * Math.sqrt(sessions / (sessions - 1))).toBeCloseTo(expected.quantstats.ulcer!, 10);
    });

    it('the shortfall of quantstats is that of a normal with the mean and deviation of the returns', () => {
      const deviation = ours.annualVolatility! / Math.sqrt(252);
      const mean = (ours.sharpe! * ours.annualVolatility!) / 252;
      const { density, quantile } = standardNormal;
      expect(mean - (deviation * density(quantile(0.05))) / 0.05).toBeCloseTo(expected.quantstats.cvar95!, 10);
    });
  });
});

const prices = new URL('../data/known_answers/ffn/test_data.csv', folder);
if (!existsSync(prices)) console.warn('skipped: the prices of ffn are not beside this checkout');

describe.skipIf(!existsSync(prices))("ffn's own answers for its own prices", () => {
  const [header, ...lines] = existsSync(prices) ? readFileSync(prices, 'utf8').trim().split(/\r?\n/) : [''];
  const columnOf = (name: string): Float64Array => {
    const column = header!.split(',').indexOf(name);
    const closes = lines.map((line) => Number(line.split(',')[column]));
    return Float64Array.from(closes.slice(1), (close, row) => close / closes[row]! - 1);
  };

  it.each([
    { name: 'AAPL', first: -0.019, ninth: -0.022, deepest: 0.086, ofTen: -0.079 },
    { name: 'MSFT', first: -0.011, ninth: -0.014, deepest: 0.048, ofTen: -0.038 },
    { name: 'C', first: -0.012, ninth: 0.004, deepest: 0.033, ofTen: 0.012 },
  ])('$name', ({ name, first, ninth, deepest, ofTen }) => {
    const returns = columnOf(name);
    expect(returns[0]).toBeCloseTo(first, 3);
    expect(returns[8]).toBeCloseTo(ninth, 3);
    expect(returnFigures(returns.subarray(0, 9)).maximumDrawdown).toBeCloseTo(deepest, 3);
    expect(returnFigures(returns.subarray(0, 10)).totalReturn).toBeCloseTo(ofTen, 3);
  });
});
