import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choleskyFactor, choleskySolve } from '#domain/portfolio/cholesky.ts';
import { costAt, type ProgramRow, type QuadraticProgram } from '#domain/portfolio/quadraticProgram.ts';
import { solveProgram } from '#domain/portfolio/solveProgram.ts';
import { dot, entry, quadraticForm } from '#domain/portfolio/symmetricMatrix.ts';
import { definiteMatrix } from './randomMarket.ts';

const figures = (size: number, min = -1, max = 1): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.double({ min, max, noNaN: true }), { minLength: size, maxLength: size })
    .map((values) => Float64Array.from(values));
const filled = (size: number, value: number): Float64Array => new Float64Array(size).fill(value);
const budget = (size: number): ProgramRow => ({ name: 'budget', kind: 'equal', bound: 1, slopes: filled(size, 1) });
const valueAt = ({ quadratic, cost }: QuadraticProgram, point: Float64Array): number =>
  quadraticForm(quadratic, point) / 2 + costAt(cost, point);

/** The least value with a budget, by trying every choice of what is at a bound and what is free. */
function bruteForce({ quadratic, cost, lower, upper }: QuadraticProgram): number {
  const { size } = quadratic;
  let best = Number.POSITIVE_INFINITY;
  for (let choice = 0; choice < 3 ** size; choice += 1) {
    const kinds = Array.from({ length: size }, (_, place) => Math.floor(choice / 3 ** place) % 3);
    const free = kinds.flatMap((kind, place) => (kind === 2 ? [place] : []));
    const point = Float64Array.from(kinds, (kind, place) =>
      kind === 0 ? lower[place]! : kind === 1 ? upper[place]! : 0,
    );
    if (free.length > 0) {
      const values = Float64Array.from({ length: free.length ** 2 }, (_, place) =>
        entry(quadratic, free[Math.floor(place / free.length)]!, free[place % free.length]!),
      );
      const factor = choleskyFactor({ size: free.length, values })!;
      const pull = Float64Array.from(free, (place) => {
        const fixed = point.reduce((sum, value, other) => sum + entry(quadratic, place, other) * value, 0);
        return -cost.slopes[place]! - fixed;
      });
      const [unpriced, ones] = [choleskySolve(factor, pull), choleskySolve(factor, filled(free.length, 1))];
      const left = 1 - point.reduce((sum, value) => sum + value, 0);
      const price = (left - unpriced.reduce((a, b) => a + b, 0)) / ones.reduce((a, b) => a + b, 0);
      free.forEach((place, index) => {
        point[place] = unpriced[index]! + price * ones[index]!;
      });
    }
    const within = point.every((value, place) => value >= lower[place]! - 1e-9 && value <= upper[place]! + 1e-9);
    if (within && Math.abs(point.reduce((sum, value) => sum + value, -1)) < 1e-9) {
      best = Math.min(best, dot(cost.slopes, point) + quadraticForm(quadratic, point) / 2);
    }
  }
  return best;
}

describe('a quadratic programme', () => {
  it('of two assets has the weights of the textbook', () => {
    const quadratic = { size: 2, values: Float64Array.of(0.04, 0.01, 0.01, 0.09) };
    const { point } = solveProgram(
      { quadratic, cost: { slopes: filled(2, 0) }, lower: filled(2, 0), upper: filled(2, 1), rows: [budget(2)] },
      Float64Array.of(1, 0),
    );
    // (0.09 - 0.01) / (0.04 + 0.09 - 2 * 0.01)
    expect(point[0]).toBeCloseTo(0.08 / 0.11, 14);
  });

  it('has the least value of all choices of bounds', () => {
    const programs = fc
      .record({ quadratic: definiteMatrix(4), slopes: figures(4), upper: figures(4, 0.3, 1), start: figures(4, 0, 1) })
      .map(({ quadratic, slopes, upper, start }) => ({
        program: { quadratic, cost: { slopes }, lower: filled(4, 0), upper, rows: [budget(4)] },
        start,
      }));
    fc.assert(
      fc.property(programs, ({ program, start }) => {
        const { point, residuals } = solveProgram(program, start);
        expect(valueAt(program, point)).toBeCloseTo(bruteForce(program), 9);
        expect(Math.max(residuals.breach, residuals.descent, residuals.slackness)).toBeLessThan(1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('with costs, turnover and leverage proves itself and is bettered by no point near by', () => {
    const problems = fc.record({
      quadratic: definiteMatrix(6),
      slopes: figures(6),
      held: figures(6, 0, 0.3),
      costs: figures(6, 0, 0.2),
      turnover: fc.double({ min: 0.8, max: 2, noNaN: true }),
      leverage: fc.double({ min: 1, max: 2, noNaN: true }),
      moves: fc.array(figures(6, -0.1, 0.1), { minLength: 30, maxLength: 30 }),
    });
    fc.assert(
      fc.property(problems, ({ quadratic, slopes, held, costs, turnover, leverage, moves }) => {
        const far = (from: Float64Array, name: string, bound: number): ProgramRow => ({
          name,
          kind: 'atMost',
          bound,
          slopes: filled(6, 0),
          distance: { weights: filled(6, 1), from },
        });
        const start = held.map(
          (value) =>
            value /
            Math.max(
              0.1,
              held.reduce((a, b) => a + b, 0),
            ),
        );
        fc.pre(Math.abs(start.reduce((a, b) => a + b, -1)) < 1e-9);
        const program: QuadraticProgram = {
          quadratic,
          cost: { slopes, distance: { weights: costs, from: start } },
          lower: filled(6, -1),
          upper: filled(6, 1),
          rows: [budget(6), far(start, 'turnover', turnover), far(filled(6, 0), 'leverage', leverage)],
        };
        const { point, residuals } = solveProgram(program, start);
        expect(Math.max(residuals.breach, residuals.descent, residuals.slackness)).toBeLessThan(1e-9);
        const others = moves
          .map((move) => {
            const drift = move.reduce((a, b) => a + b, 0) / 6;
            return point.map((value, place) => value + move[place]! - drift);
          })
          .filter((other) => other.every((value) => Math.abs(value) <= 1))
          .filter((other) => program.rows.slice(1).every((row) => costAt(row, other) <= row.bound));
        const better = others.filter((other) => valueAt(program, other) < valueAt(program, point) - 1e-12);
        expect(better).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('that contradicts itself names the rows, by how much they are missed and what stands against them', () => {
    const quadratic = { size: 3, values: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
    const few: ProgramRow = { name: 'sector few', kind: 'atMost', bound: 0.2, slopes: Float64Array.of(1, 1, 1) };
    const program = { quadratic, cost: { slopes: filled(3, 0) }, lower: filled(3, 0), upper: filled(3, 1) };
    expect(() => solveProgram({ ...program, rows: [budget(3), few] }, filled(3, 0))).toThrow(
      expect.objectContaining({
        code: 'PORTFOLIO_INFEASIBLE',
        message: expect.stringMatching(/^no weights keep budget \(missed by 0\.8000\) beside sector few/),
      }),
    );
  });

  it('with a row that stands twice is solved as with one', () => {
    const quadratic = { size: 2, values: Float64Array.of(1, 0, 0, 1) };
    const program = { quadratic, cost: { slopes: filled(2, 0) }, lower: filled(2, 0), upper: filled(2, 1) };
    const { point } = solveProgram({ ...program, rows: [budget(2), budget(2)] }, filled(2, 0));
    for (const weight of point) expect(weight).toBeCloseTo(0.5, 12);
  });

  it('of assets that are one and the same is refused, not answered by rounding', () => {
    const quadratic = { size: 2, values: Float64Array.of(1, 1, 1, 1) };
    const program = {
      quadratic,
      cost: { slopes: Float64Array.of(0, -1e-9) },
      lower: filled(2, -9),
      upper: filled(2, 9),
    };
    expect(() => solveProgram({ ...program, rows: [] }, Float64Array.of(0.2, 0.3))).toThrow(
      expect.objectContaining({ code: 'PORTFOLIO_ILL_CONDITIONED' }),
    );
  });

  it('whose figures are not finite is refused as not solved', () => {
    const quadratic = { size: 1, values: Float64Array.of(1) };
    const program = {
      quadratic,
      cost: { slopes: Float64Array.of(Number.NaN) },
      lower: filled(1, 0),
      upper: filled(1, 1),
    };
    expect(() => solveProgram({ ...program, rows: [] }, Float64Array.of(0.5))).toThrow(
      expect.objectContaining({ code: 'PORTFOLIO_NOT_SOLVED' }),
    );
  });
});
