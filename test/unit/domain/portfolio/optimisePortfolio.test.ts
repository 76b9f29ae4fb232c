import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetReturns } from '#domain/portfolio/assetReturns.ts';
import { conditionalValueAtRisk } from '#domain/portfolio/conditionalValueAtRisk.ts';
import { portfolioReturns } from '#domain/portfolio/assetReturns.ts';
import type { Moments } from '#domain/portfolio/frontier.ts';
import type { NamedConstraints } from '#domain/portfolio/namedConstraints.ts';
import { optimisePortfolio, type PortfolioObjective } from '#domain/portfolio/optimisePortfolio.ts';
import { riskContributions } from '#domain/portfolio/riskParity.ts';
import { dot, quadraticForm } from '#domain/portfolio/symmetricMatrix.ts';
import { randomMoments } from './randomMarket.ts';

const none: AssetReturns = { assets: [], returns: [] };
const weightsOf = (objective: PortfolioObjective, moments: Moments, constraints: NamedConstraints = {}): Float64Array =>
  optimisePortfolio(objective, { moments, history: none, constraints }).weights;
const volatility = ({ covariance }: Moments, weights: Float64Array): number =>
  Math.sqrt(quadraticForm(covariance, weights));
const sum = (weights: Float64Array): number => weights.reduce((total, weight) => total + weight, 0);

/** Two assets of volatility 20 and 30 percent and correlation 0.2, expected to earn 6 and 10 percent. */
const pair: Moments = {
  assets: ['CALM', 'BOLD'],
  expected: Float64Array.of(0.06, 0.1),
  covariance: { size: 2, values: Float64Array.of(0.04, 0.012, 0.012, 0.09) },
};

describe('mean and variance', () => {
  it('of two assets agree with the closed forms', () => {
    expect(weightsOf({ kind: 'min-variance' }, pair)[0]).toBeCloseTo(0.078 / 0.106, 13);
    // Inverse covariance times excess return, scaled.
    const [calm, bold] = [0.05 * 0.09 - 0.09 * 0.012, 0.09 * 0.04 - 0.05 * 0.012];
    expect(weightsOf({ kind: 'max-sharpe', riskFreeRate: 0.01 }, pair)[0]).toBeCloseTo(calm / (calm + bold), 12);
    expect(weightsOf({ kind: 'efficient-return', returnMin: 0.09 }, pair)[1]).toBeCloseTo(0.75, 12);
    const bolder = weightsOf({ kind: 'efficient-risk', volatilityMax: 0.25 }, pair);
    expect(volatility(pair, bolder)).toBeCloseTo(0.25, 12);
    expect(bolder[1]).toBeGreaterThan(0.5);
  });

  it('give the best Sharpe ratio of all random portfolios', () => {
    const cases = fc.tuple(
      randomMoments(5),
      fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), {
        minLength: 50,
        maxLength: 50,
      }),
    );
    fc.assert(
      fc.property(cases, ([moments, draws]) => {
        fc.pre(Math.max(...moments.expected) > 0.001);
        const weights = weightsOf({ kind: 'max-sharpe', riskFreeRate: 0 }, moments);
        const best = dot(moments.expected, weights) / volatility(moments, weights);
        expect(sum(weights)).toBeCloseTo(1, 10);
        for (const draw of draws.filter((values) => values.some((value) => value > 0.01))) {
          const other = Float64Array.from(draw);
          expect(dot(moments.expected, other) / volatility(moments, other)).toBeLessThan(best + 1e-9);
        }
      }),
      { numRuns: 33, endOnFailure: true },
    );
  });

  it('with a target of risk and one of return lie on one frontier', () => {
    fc.assert(
      fc.property(randomMoments(5), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (moments, part) => {
        const calm = weightsOf({ kind: 'min-variance' }, moments);
        const least = volatility(moments, calm);
        const richest = moments.expected.indexOf(Math.max(...moments.expected));
        const most = Math.sqrt(moments.covariance.values[richest * 6]!);
        const volatilityMax = least + part * Math.max(0, most - least);
        fc.pre(volatilityMax > least * 1.0001);
        const byRisk = weightsOf({ kind: 'efficient-risk', volatilityMax }, moments);
        expect(volatility(moments, byRisk)).toBeLessThan(volatilityMax * (1 + 1e-9));
        const returnMin = dot(moments.expected, byRisk);
        const byReturn = weightsOf({ kind: 'efficient-return', returnMin: returnMin - 1e-12 }, moments);
        expect(volatility(moments, byReturn)).toBeLessThan(volatility(moments, byRisk) + 1e-7);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('keep bounds, sectors, turnover, leverage, tracking error and the number of assets', () => {
    const constraints: NamedConstraints = {
      bounds: { min: -0.3, max: 0.6 },
      assets: { A5: { min: 0, max: 0.1 } },
      sectors: { first: { assets: ['A0', 'A1'], min: 0.1, max: 0.5 } },
      held: { A0: 0.4, A2: 0.3, A4: 0.3 },
      turnoverMax: 0.7,
      costs: 0.002,
      leverageMax: 1.3,
      benchmark: { A0: 0.3, A1: 0.1, A2: 0.3, A4: 0.3 },
      trackingErrorMax: 0.08,
    };
    const held = Float64Array.of(0.4, 0, 0.3, 0, 0.3, 0);
    const benchmark = Float64Array.of(0.3, 0.1, 0.3, 0, 0.3, 0);
    const far = (weights: Float64Array, from: Float64Array): Float64Array =>
      weights.map((weight, place) => weight - from[place]!);
    const gross = (weights: Float64Array): number => weights.reduce((total, weight) => total + Math.abs(weight), 0);
    fc.assert(
      fc.property(randomMoments(6), fc.constantFrom('min-variance', 'max-sharpe'), (moments, kind) => {
        fc.pre(dot(moments.expected, benchmark) > 0.01);
        const objective = kind === 'max-sharpe' ? { kind, riskFreeRate: 0 } : { kind };
        const weights = weightsOf(objective, moments, constraints);
        expect(sum(weights)).toBeCloseTo(1, 9);
        expect(Math.min(...weights)).toBeGreaterThan(-0.3 - 1e-9);
        expect(weights[5]).toBeLessThan(0.1 + 1e-9);
        expect(weights[0]! + weights[1]!).toBeLessThan(0.5 + 1e-9);
        expect(gross(far(weights, held))).toBeLessThan(0.7 + 1e-9);
        expect(gross(weights)).toBeLessThan(1.3 + 1e-9);
        expect(volatility(moments, far(weights, benchmark))).toBeLessThan(0.08 * (1 + 1e-9));
        const few = weightsOf(objective, moments, { assetsMax: 2 });
        expect(few.filter((weight) => Math.abs(weight) > 1e-9).length).toBeLessThan(3);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('stay where trading costs more than it betters', () => {
    const constraints = { held: { CALM: 0.5, BOLD: 0.5 }, costs: 0.1 };
    expect(Array.from(weightsOf({ kind: 'max-sharpe', riskFreeRate: 0 }, pair, constraints))).toEqual([0.5, 0.5]);
  });

  it.each<[string, PortfolioObjective, NamedConstraints, string, RegExp]>([
    [
      'bounds too tight',
      { kind: 'min-variance' },
      { bounds: { max: 0.4 } },
      'PORTFOLIO_INFEASIBLE',
      /budget 1 \(missed/,
    ],
    [
      'a sector too small beside bounds',
      { kind: 'min-variance' },
      { assets: { BOLD: { max: 0.3 } }, sectors: { calm: { assets: ['CALM'], max: 0.5 } } },
      'PORTFOLIO_INFEASIBLE',
      /sector calm at most 0\.5/,
    ],
    [
      'a return nothing has',
      { kind: 'efficient-return', returnMin: 0.2 },
      {},
      'PORTFOLIO_INFEASIBLE',
      /target return 0\.2/,
    ],
    [
      'a risk under the least',
      { kind: 'efficient-risk', volatilityMax: 0.1 },
      {},
      'PORTFOLIO_INFEASIBLE',
      /volatilityMax 0\.1/,
    ],
    [
      'a benchmark out of reach',
      { kind: 'min-variance' },
      { benchmark: { BOLD: 1 }, trackingErrorMax: 0.01, assets: { BOLD: { max: 0.2 } } },
      'PORTFOLIO_INFEASIBLE',
      /trackingErrorMax 0\.01/,
    ],
    [
      'fewer assets than bounds hold',
      { kind: 'min-variance' },
      { bounds: { min: 0.1 }, assetsMax: 1 },
      'PORTFOLIO_INFEASIBLE',
      /assetsMax 1/,
    ],
    [
      'no return over the risk-free rate',
      { kind: 'max-sharpe', riskFreeRate: 0.2 },
      {},
      'PORTFOLIO_NO_EXCESS_RETURN',
      /0\.1/,
    ],
    ['an unknown asset', { kind: 'min-variance' }, { held: { CLAM: 1 } }, 'PORTFOLIO_INPUT_INVALID', /held: CLAM/],
    [
      'bounds that cross',
      { kind: 'min-variance' },
      { bounds: { min: 0.6, max: 0.5 } },
      'PORTFOLIO_INPUT_INVALID',
      /bounds/,
    ],
    [
      'turnover from nothing',
      { kind: 'min-variance' },
      { turnoverMax: 1 },
      'PORTFOLIO_INPUT_INVALID',
      /nothing is said/,
    ],
    ['a negative cost', { kind: 'min-variance' }, { held: {}, costs: -1 }, 'PORTFOLIO_INPUT_INVALID', /costs/],
    [
      'bounds of a tree',
      { kind: 'hrp', leafOrder: 'merged' },
      { bounds: {} },
      'PORTFOLIO_CONSTRAINT_UNSUPPORTED',
      /bounds/,
    ],
    [
      'a risk budget of nothing',
      { kind: 'risk-parity' },
      { riskBudgets: { CALM: 1 } },
      'PORTFOLIO_INPUT_INVALID',
      /budget 2/,
    ],
    ['a confidence over 1', { kind: 'mean-cvar', confidence: 95 }, {}, 'PORTFOLIO_INPUT_INVALID', /confidence/],
  ])('answer %s by name', (...[, objective, constraints, code, message]) => {
    expect(() => weightsOf(objective, pair, constraints)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe('risk parity', () => {
  it('of two assets weighs inversely to volatility, and gives each its part of the risk', () => {
    const weights = weightsOf({ kind: 'risk-parity' }, pair);
    expect(weights[0]).toBeCloseTo(0.6, 12);
    const budgeted = weightsOf({ kind: 'risk-parity' }, pair, { riskBudgets: { CALM: 3, BOLD: 1 } });
    expect(riskContributions(pair.covariance, budgeted)[0]).toBeCloseTo(0.75, 11);
  });

  it('gives every asset of a random market the same part', () => {
    fc.assert(
      fc.property(randomMoments(7), (moments) => {
        const weights = weightsOf({ kind: 'risk-parity' }, moments);
        for (const part of riskContributions(moments.covariance, weights)) expect(part).toBeCloseTo(1 / 7, 10);
      }),
      { numRuns: 16, endOnFailure: true },
    );
  });
});

describe('mean loss of the worst periods', () => {
  /** Returns in millionths, as prices in cents give them. */
  const returns = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 40, maxLength: 40 });
  const market = fc.array(returns, { minLength: 3, maxLength: 3 }).map((rows): AssetReturns => ({
    assets: ['A0', 'A1', 'A2'],
    returns: rows.map((row) => Float64Array.from(row, (millionths) => millionths / 1e6)),
  }));

  const leastLoss = (
    given: { readonly moments: Moments; readonly history: AssetReturns },
    returnMin?: number,
  ): Float64Array =>
    optimisePortfolio(
      { kind: 'mean-cvar', confidence: 0.9, ...(returnMin !== undefined && { returnMin }) },
      { ...given, constraints: {} },
    ).weights;

  it('takes the last period in part', () => {
    const returns = Float64Array.of(0.01, -0.05, 0.02, -0.02, 0.03, 0, 0, 0, 0, 0);
    expect(conditionalValueAtRisk(returns, 0.85)).toBeCloseTo((0.05 + 0.5 * 0.02) / 1.5, 14);
  });

  it('is least: no portfolio of a grid has less', () => {
    fc.assert(
      fc.property(market, randomMoments(3), (history, moments) => {
        const weights = leastLoss({ moments, history });
        const least = conditionalValueAtRisk(portfolioReturns(history, weights), 0.9);
        for (let first = 0; first <= 20; first += 1) {
          for (let second = 0; first + second <= 20; second += 1) {
            const other = Float64Array.of(first / 20, second / 20, (20 - first - second) / 20);
            const loss = conditionalValueAtRisk(portfolioReturns(history, other), 0.9);
            expect(loss).toBeGreaterThan(least - 1e-9);
          }
        }
      }),
      { numRuns: 13, endOnFailure: true },
    );
  });

  it('keeps a target return and names it where none can', () => {
    fc.assert(
      fc.property(market, randomMoments(3), (history, moments) => {
        const most = Math.max(...moments.expected);
        const weights = leastLoss({ moments, history }, most - 0.01);
        expect(dot(moments.expected, weights)).toBeGreaterThan(most - 0.01 - 1e-8);
        expect(() => leastLoss({ moments, history }, most + 0.01)).toThrow(
          expect.objectContaining({ code: 'PORTFOLIO_INFEASIBLE', message: expect.stringMatching(/target return/) }),
        );
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
