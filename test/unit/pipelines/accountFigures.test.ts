import { expect, it } from 'vitest';
import { accountFigures } from '#pipelines/accountFigures.ts';
import { agentCurveSvg } from '#pipelines/learningCurve.ts';

it('are those of the curve, with turnover one way a year and costs of the first cash', () => {
  const assets = Array.from({ length: 64 }, (_, session) => 100 * (session % 2 === 0 ? 1 : 1.01));
  const traded = Array.from({ length: 63 }, (_, session) => (session === 0 ? 63 : 0));
  const figures = accountFigures({ assets, traded, paidCosts: 2 });
  expect(figures.totalReturn).toBeCloseTo(0.01, 12);
  expect(figures.maximumDrawdown).toBeCloseTo(1 - 1 / 1.01, 12);
  expect(figures.turnover).toBeCloseTo((63 / 2 / 100 / 63) * 252, 12);
  expect(figures.costs).toBe(0.02);
});

it('of cash have no Sharpe ratio', () => {
  const [assets, traded] = [Array.from({ length: 30 }, () => 5), Array.from({ length: 29 }, () => 0)];
  const idle = { assets, traded, paidCosts: 0 };
  expect(accountFigures(idle)).toMatchObject({ totalReturn: 0, sharpe: null, turnover: 0, costs: 0 });
});

it("an agent's learning curve shows both returns, and no point where no episode ended", () => {
  const svg = agentCurveSvg([
    { steps: 100, trainingReturn: null, validationReturn: 0.01 },
    { steps: 200, trainingReturn: 0.02, validationReturn: 0.03 },
  ]);
  expect(svg).toContain('Total return by steps');
  expect(svg).toContain('over 200 steps; the last validation return is 0.03000');
  expect(agentCurveSvg([])).toContain('over 0 steps');
});
