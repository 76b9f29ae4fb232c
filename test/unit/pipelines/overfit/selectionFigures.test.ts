import { describe, expect, it } from 'vitest';
import { sharpeRatio } from '#pipelines/metrics.ts';
import { selectionFigures } from '#pipelines/overfit/selectionFigures.ts';

const returns = Array.from({ length: 504 }, (_, row) => 0.0006 + Math.sin(row * row) / 100);

describe('a curve that was chosen', () => {
  it('is held against zero alone where nobody searched', () => {
    const { expectedMaximumSharpe, deflatedSharpe, probabilisticSharpe } = selectionFigures(returns, 1);
    expect(expectedMaximumSharpe).toBe(0);
    expect(deflatedSharpe).toBe(probabilisticSharpe);
  });

  it('is held against what the best of as many worthless ones shows over as many sessions', () => {
    const { expectedMaximumSharpe, deflatedSharpe } = selectionFigures(returns, 100);
    // The expected maximum of a hundred standard normals is 2.53 (Bailey and Lopez de Prado 2014), a year's error 1 / √2.
    expect(expectedMaximumSharpe! * Math.sqrt(503 / 252)).toBeCloseTo(2.53, 2);
    expect(expectedMaximumSharpe!).toBeGreaterThan(sharpeRatio(returns)!);
    expect(deflatedSharpe!).toBeLessThan(0.5);
  });

  it('is not judged by too few sessions, or by such as do not vary', () => {
    for (const sample of [returns.slice(0, 19), returns.map(() => 0.01)]) {
      expect(selectionFigures(sample, 3)).toEqual({
        trials: 3,
        sharpeError: null,
        probabilisticSharpe: null,
        expectedMaximumSharpe: null,
        deflatedSharpe: null,
        minimumTrackRecordSessions: null,
      });
    }
  });

  it('that loses has no record long enough', () => {
    expect(
      selectionFigures(
        returns.map((value) => value - 0.01),
        1,
      ).minimumTrackRecordSessions,
    ).toBeNull();
  });
});
