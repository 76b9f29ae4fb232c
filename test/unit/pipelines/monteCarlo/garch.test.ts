import { describe, expect, it } from 'vitest';
import { sampleDeviation } from '#pipelines/metrics/moments.ts';
import { monteCarlo } from '#pipelines/monteCarlo.ts';
import { fitGarch, garchPaths, type GarchModel } from '#pipelines/monteCarlo/garch.ts';
import { randomNumbers } from '../randomBars.ts';

/** Normal numbers by the polar method (Marsaglia and Bray 1964). */
function normals(seed: number): () => number {
  const next = randomNumbers(seed);
  return () => {
    for (;;) {
      const [x, y] = [2 * next() - 1, 2 * next() - 1];
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  };
}

function simulated({ mean, omega, alpha, beta }: GarchModel, sessions: number, seed: number): Float64Array {
  const normal = normals(seed);
  let variance = omega / (1 - alpha - beta);
  return Float64Array.from({ length: sessions }, () => {
    const shock = Math.sqrt(variance) * normal();
    variance = omega + alpha * shock ** 2 + beta * variance;
    return mean + shock;
  });
}

/** Correlation of squares with those of the session before. */
function clustering(returns: Float64Array): number {
  const squares = returns.map((value) => value * value);
  const average = squares.reduce((sum, value) => sum + value, 0) / squares.length;
  let [products, total] = [0, 0];
  for (let row = 0; row < squares.length; row += 1) {
    total += (squares[row]! - average) ** 2;
    if (row > 0) products += (squares[row]! - average) * (squares[row - 1]! - average);
  }
  return products / total;
}

describe('a GARCH model fitted to a curve', () => {
  const truth: GarchModel = { mean: 0.0005, omega: 2e-6, alpha: 0.09, beta: 0.89 };

  it('has the parameters that the curve was made with, within the error of estimates from 8,000 sessions', () => {
    const fits = [1, 2, 3, 4].map((seed) => fitGarch(simulated(truth, 8_000, seed)));
    // Deviations of the estimates at this length are about 0.010, 0.012 and 5e-7 (information matrix).
    for (const { alpha, beta, omega } of fits) {
      expect(Math.abs(alpha - truth.alpha)).toBeLessThan(0.035);
      expect(Math.abs(beta - truth.beta)).toBeLessThan(0.045);
      expect(omega).toBeGreaterThan(0.8e-6);
      expect(omega).toBeLessThan(4.5e-6);
    }
    const meanOf = (of: (model: GarchModel) => number): number => fits.reduce((sum, fit) => sum + of(fit), 0) / 4;
    expect(meanOf(({ alpha }) => alpha)).toBeCloseTo(truth.alpha, 1.6);
    expect(meanOf(({ beta }) => beta)).toBeCloseTo(truth.beta, 1.5);
  });

  it('finds no clustering where there is none: the variance it comes back to is that of the curve', () => {
    const returns = simulated({ mean: 0, omega: 1e-4, alpha: 0, beta: 0 }, 4_000, 9);
    const { omega, alpha, beta } = fitGarch(returns);
    expect(alpha).toBeLessThan(0.05);
    expect(Math.sqrt(omega / (1 - alpha - beta))).toBeCloseTo(sampleDeviation(returns)!, 3);
  });

  it('does not care in which unit returns are told', () => {
    const returns = simulated(truth, 2_000, 5);
    const [one, hundredth] = [fitGarch(returns), fitGarch(returns.map((value) => value / 100))];
    expect(hundredth.alpha).toBeCloseTo(one.alpha, 6);
    expect(hundredth.beta).toBeCloseTo(one.beta, 6);
    expect(hundredth.omega * 1e4).toBeCloseTo(one.omega, 10);
  });

  it('makes paths as wild as the curve, whose wild days come together as the curve’s do', () => {
    const returns = simulated(truth, 4_000, 11);
    const into = new Float64Array(40_000);
    garchPaths(returns, fitGarch(returns), randomNumbers(3))(into);
    expect(sampleDeviation(into)! / sampleDeviation(returns)!).toBeGreaterThan(0.85);
    expect(sampleDeviation(into)! / sampleDeviation(returns)!).toBeLessThan(1.15);
    expect(clustering(into)).toBeGreaterThan(0.1);
    // The plain bootstrap of single days has none.
    const shuffled = into.map((_, row) => into[(row * 7_919) % into.length]!);
    expect(Math.abs(clustering(shuffled))).toBeLessThan(0.05);
  });

  it('loses everything at most', () => {
    const wild: GarchModel = { mean: 0, omega: 0.5, alpha: 0.1, beta: 0.1 };
    const into = new Float64Array(1_000);
    garchPaths(simulated(truth, 500, 1), wild, randomNumbers(1))(into);
    expect(into.reduce((a, b) => Math.min(a, b))).toBe(-1);
  });

  it('is refused for a short curve, and for one that does not vary (SIMULATION_IMPOSSIBLE)', () => {
    const plan = { method: 'garch', paths: 10, meanBlockSessions: 10, ruinDrawdown: 0.3 } as const;
    const refused = { code: 'SIMULATION_IMPOSSIBLE' };
    const run = (returns: Float64Array) => () => monteCarlo(returns, plan, randomNumbers(1));
    expect(run(simulated(truth, 249, 1))).toThrow(expect.objectContaining(refused));
    expect(run(new Float64Array(500).fill(0.01))).toThrow(expect.objectContaining(refused));
    expect(run(simulated(truth, 250, 1))).not.toThrow();
  });
});
