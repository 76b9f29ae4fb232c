import { describe, expect, it } from 'vitest';
import { blackLitterman, type Prior, type View } from '#domain/portfolio/blackLitterman.ts';
import { entry } from '#domain/portfolio/symmetricMatrix.ts';

const prior: Prior = {
  assets: ['A', 'B'],
  covariance: { size: 2, values: Float64Array.of(0.04, 0.01, 0.01, 0.09) },
  market: Float64Array.of(3, 1),
  riskAversion: 2,
  doubt: 0.05,
  riskFreeRate: 0.01,
};
const view = (confidence: number, expected = 0.2): View => ({
  combination: Float64Array.of(0, 1),
  expected,
  confidence,
});

describe('Black-Litterman', () => {
  it('without views expects what the market’s weights ask for', () => {
    const { expected, covariance } = blackLitterman(prior, []);
    expect(expected[0]).toBeCloseTo(0.01 + 2 * (0.75 * 0.04 + 0.25 * 0.01), 14);
    expect(entry(covariance, 0, 0)).toBeCloseTo(1.05 * 0.04, 14);
  });

  it('takes a view as far as it is sure, and drags along what moves with it', () => {
    const before = blackLitterman(prior, [view(0)]).expected;
    const half = blackLitterman(prior, [view(0.5)]).expected;
    const sure = blackLitterman(prior, [view(1)]).expected;
    expect(sure[1]).toBeCloseTo(0.2, 13);
    expect(half[1]).toBeCloseTo((before[1]! + 0.2) / 2, 13);
    expect(half[0]! - before[0]!).toBeCloseTo((0.01 / 0.09) * (half[1]! - before[1]!), 13);
  });

  it('doubts less what a view was heard of', () => {
    const { covariance } = blackLitterman(prior, [view(0.5)]);
    expect(entry(covariance, 1, 1)).toBeCloseTo(1.05 * 0.09 - 0.05 * 0.09 * 0.5, 14);
  });

  it.each([
    ['a confidence over 1', [view(1.1)]],
    ['a view of nothing', [{ ...view(0.5), combination: Float64Array.of(0, 0) }]],
    ['an endless return', [view(0.5, Number.POSITIVE_INFINITY)]],
    ['certain views that contradict each other', [view(1), view(1, 0.1)]],
  ])('refuses %s', (_, views) => {
    expect(() => blackLitterman(prior, views)).toThrow(expect.objectContaining({ code: 'PORTFOLIO_INPUT_INVALID' }));
  });

  it('refuses a market of nothing', () => {
    expect(() => blackLitterman({ ...prior, market: Float64Array.of(0, 0) }, [])).toThrow(/market weights/);
  });
});
