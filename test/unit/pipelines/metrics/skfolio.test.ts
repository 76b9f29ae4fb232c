import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { returnFigures, type ReturnFigures } from '#pipelines/metrics.ts';
import { deflatedSharpe, expectedMaximumSharpe } from '#pipelines/overfit/deflatedSharpe.ts';
import { probabilisticSharpe } from '#pipelines/overfit/probabilisticSharpe.ts';
import { estimateSharpe } from '#pipelines/overfit/sharpeEstimate.ts';
import { randomNumbers } from '../randomBars.ts';

// What skfolio itself answered: test/bench/peers/measures.py wrote them down.
interface Answers {
  readonly version: string;
  readonly first: number;
  readonly last: number;
  readonly trials: readonly number[];
  readonly summed: Readonly<Record<string, number>>;
  readonly compounded: Readonly<Record<string, number>>;
  readonly measures: Readonly<Record<string, number>>;
}
const answers = JSON.parse(readFileSync(new URL('skfolioAnswers.json', import.meta.url), 'utf8')) as Answers;

const sessions = 1_010;
const next = randomNumbers(20);
const returns = Float64Array.from({ length: sessions }, () => 0.0006 + 0.02 * (next() + next() + next() - 1.5));
const ours = returnFigures(returns);
const sorted = returns.toSorted();
const mean = returns.reduce((sum, value) => sum + value, 0) / sessions;

describe(`figures of ${sessions} daily returns agree with skfolio ${answers.version}`, () => {
  const { summed, compounded, measures } = answers;

  it('which was asked about the very same returns', () => {
    expect([returns[0], returns.at(-1)]).toEqual([answers.first, answers.last]);
  });

  it.each<readonly [theirs: string, ours: keyof ReturnFigures, value: number]>([
    ['annualized_sharpe_ratio', 'sharpe', summed['annualized_sharpe_ratio']!],
    ['annualized_standard_deviation', 'annualVolatility', summed['annualized_standard_deviation']!],
    ['max_drawdown, compounded', 'maximumDrawdown', compounded['max_drawdown']!],
    ['ulcer_index, compounded', 'ulcerIndex', compounded['ulcer_index']!],
    ['semi_deviation of 0, biased, a year', 'downsideRisk', measures['semi_deviation of 0, biased']! * Math.sqrt(252)],
  ])('%s is our %s', (_, figure, value) => {
    expect(ours[figure]).toBeCloseTo(value, 12);
  });

  it('the probabilistic, expected maximum and deflated Sharpe ratios are ours', () => {
    const estimate = estimateSharpe(returns)!;
    const { trials } = answers;
    const variance = trials.reduce((sum, value) => sum + value ** 2, 0) / (trials.length - 1);
    expect(probabilisticSharpe(estimate, 0)).toBeCloseTo(measures['probabilistic_sharpe_ratio']!, 10);
    expect(expectedMaximumSharpe({ trials: 500, variance: 0.03 ** 2 })).toBeCloseTo(
      measures['expected_max_sharpe_ratio']!,
      10,
    );
    expect(deflatedSharpe(estimate, { trials: trials.length, variance })).toBeCloseTo(
      measures['deflated_sharpe_ratio']!,
      10,
    );
  });
});

describe('where a definition of skfolio differs, the difference is the one that is stated', () => {
  const { summed, compounded } = answers;
  // A twentieth of 1,010 returns is 50 of them and a half.
  const [whole, part] = [50, 0.5];

  it('its value at risk is one of the returns, ours lies between two', () => {
    expect(summed['value_at_risk']).toBeCloseTo(-sorted[whole]!, 12);
    const place = 0.05 * (sessions - 1);
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    expect(ours.valueAtRisk95).toBeCloseTo(-(below + (place - Math.floor(place)) * (above - below)), 12);
  });

  it('its shortfall counts a part of the return at the border, ours whole returns', () => {
    const sum = sorted.subarray(0, whole).reduce((total, value) => total + value, 0);
    expect(summed['cvar']).toBeCloseTo(-(sum + part * sorted[whole]!) / (whole + part), 12);
    const tail = sorted.filter((value) => value <= -ours.valueAtRisk95!);
    expect(ours.expectedShortfall95).toBeCloseTo(-tail.reduce((total, value) => total + value, 0) / tail.length, 12);
  });

  it('its skewness and kurtosis are not corrected for the size of the sample', () => {
    const [skewness, kurtosis] = [summed['skew']!, summed['kurtosis']!];
    const n = sessions;
    expect(ours.skewness).toBeCloseTo((skewness * Math.sqrt(n * (n - 1))) / (n - 2), 10);
    const corrected = ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (kurtosis - 3) + 6);
    expect(ours.excessKurtosis).toBeCloseTo(corrected, 10);
  });

  it('its semi-deviation is of the mean and over n - 1, and so is that of its Sortino ratio', () => {
    const below = returns.reduce((sum, value) => sum + Math.min(0, value - mean) ** 2, 0);
    expect(summed['semi_deviation']).toBeCloseTo(Math.sqrt(below / (sessions - 1)), 12);
    expect(summed['sortino_ratio']).toBeCloseTo(mean / summed['semi_deviation']!, 12);
    expect(ours.sortino).toBeCloseTo((mean / ours.downsideRisk!) * 252, 10);
  });

  it('its Calmar ratio is the mean return of a session over the drawdown, ours the compounded return of a year', () => {
    expect(compounded['calmar_ratio']).toBeCloseTo(mean / ours.maximumDrawdown!, 12);
    expect(ours.calmar).toBeCloseTo(((1 + ours.totalReturn!) ** (252 / sessions) - 1) / ours.maximumDrawdown!, 10);
  });

  it('its drawdowns are of summed returns unless it is told to compound them', () => {
    let [level, peak, deepest] = [0, 0, 0];
    for (const value of returns) {
      level += value;
      peak = Math.max(peak, level);
      deepest = Math.max(deepest, peak - level);
    }
    expect(summed['max_drawdown']).toBeCloseTo(deepest, 12);
  });

  it('its return of a year is the mean times 252, ours is compounded', () => {
    expect(summed['annualized_mean']).toBeCloseTo(mean * 252, 12);
    expect(ours.annualReturn).not.toBeCloseTo(mean * 252, 3);
  });
});
