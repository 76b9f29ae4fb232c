import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fitRidge } from '#models/ridgeRegression.ts';
import { benchFolds, judgeFold, readWalkForward } from '#test/bench/walkForwardCase.ts';

const of = (...values: readonly number[]): Float64Array => Float64Array.from(values);

describe('ridge regression', () => {
  it('is the line worked out by hand, shrunk by its penalty', () => {
    // Standardised -√1.5, 0, √1.5 against labels 1, 2, 6: product 5 √1.5, over 3 + 1.
    const { coefficients, intercept, predict } = fitRidge({ columns: [of(1, 2, 3)], labels: of(1, 2, 6) }, 1);
    expect(coefficients[0]).toBeCloseTo((5 * Math.sqrt(1.5)) / 4, 12);
    expect(intercept).toBe(3);
    expect(predict([of(3)])[0]).toBeCloseTo(3 + (5 * 1.5) / 4, 12);
  });

  it('with next to no penalty finds the plane that the labels lie on', () => {
    const [a, b] = [of(1, 2, 3, 5, 8, 13, 4), of(2, 7, 1, 8, 2, 8, 1)];
    const labels = a.map((value, row) => 4 * value - 3 * b[row]! + 2);
    const { predict } = fitRidge({ columns: [a, b], labels }, 1e-10);
    expect(predict([of(10), of(20)])[0]).toBeCloseTo(-18, 6);
  });

  it('takes a feature that does not vary for none', () => {
    const { coefficients } = fitRidge({ columns: [of(1, 2, 3), of(7, 7, 7)], labels: of(1, 2, 6) }, 1);
    expect(coefficients[1]).toBe(0);
    expect(coefficients[0]).toBeCloseTo((5 * Math.sqrt(1.5)) / 4, 12);
  });

  it.each([
    { columns: [of()], labels: of(), penalty: 1 },
    { columns: [of(1)], labels: of(1, 2), penalty: 1 },
    { columns: [of(1)], labels: of(1), penalty: 0 },
  ])('refuses %o', ({ penalty, ...samples }) => {
    expect(() => fitRidge(samples, penalty)).toThrow(RangeError);
  });
});

const folder = new URL('../../../../shared/bench/', import.meta.url);
const [inputs, answers] = [new URL('inputs/wf_features.bin', folder), new URL('expected/walkforward.json', folder)];
const present = existsSync(inputs) && existsSync(answers);
if (!present) console.warn("skipped: scikit-learn's answers to the walk-forward are not beside this checkout");

interface Expected {
  readonly folds: number;
  readonly cases: readonly {
    readonly symbol: number;
    readonly fold: number;
    readonly coef: readonly number[];
    readonly intercept: number;
    readonly mse: number;
    readonly ic: number;
    readonly pred_first3: readonly number[];
  }[];
}

describe.skipIf(!present)('a walk-forward of 106 windows', () => {
  it("is scikit-learn's: coefficients, forecasts, error and correlation", () => {
    const expected = JSON.parse(readFileSync(answers, 'utf8')) as Expected;
    const table = readWalkForward(inputs.pathname);
    expect(benchFolds).toHaveLength(expected.folds);
    for (const { symbol, fold, ...theirs } of expected.cases) {
      const judged = judgeFold(table, [symbol], benchFolds[fold]!);
      for (const [feature, coefficient] of theirs.coef.entries()) {
        expect(judged.model.coefficients[feature]).toBeCloseTo(coefficient, 12);
      }
      expect(judged.model.intercept).toBeCloseTo(theirs.intercept, 12);
      expect(judged.meanSquaredError).toBeCloseTo(theirs.mse, 12);
      expect(judged.informationCoefficient).toBeCloseTo(theirs.ic, 9);
      for (const [row, forecast] of theirs.pred_first3.entries())
        expect(judged.forecasts[row]).toBeCloseTo(forecast, 12);
    }
  });
});
