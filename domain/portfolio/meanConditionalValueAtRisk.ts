import { Failure } from '#domain/failure.ts';
import { portfolioReturns, type AssetReturns } from './assetReturns.ts';
import { tail } from './conditionalValueAtRisk.ts';
import { checkedConstraints, type PortfolioConstraints } from './constraints.ts';
import { constraintRows, returnRow } from './constraintRows.ts';
import type { Moments } from './frontier.ts';
import type { OptimalWeights } from './meanVariance.ts';
import { costAt, type ConvexCost, type ProgramRow, type QuadraticProgram } from './quadraticProgram.ts';
import { solveProgram } from './solveProgram.ts';
import { dot } from './symmetricMatrix.ts';

/** What mean losses are sought for. */
export interface MeanLossObjective {
  /** Between 0 and 1: 0.95 is the worst twentieth of the periods. */
  readonly confidence: number;
  /** Least expected return of a year after costs. */
  readonly returnMin?: number;
}

/** The least is proven to within this part of it, or of ten times the loss of one asset where that is more. */
const gapFractionMax = 1e-9;
/** Planes nearer than this part of the steepest are one: together they are only walked around. */
const planesApartMin = 1e-9;
/** The drawing is no weaker than this part of the steepest slope: the programs would lose their digits. */
const drawingFractionMin = 1e-6;
const roundsMax = 2_000;
/** Cuts kept beside those that bind. */
const sparesMax = 60;
/** Part of the promised gain that a step must bring to be taken. */
const gainFractionMin = 0.1;

/**
 * Weights of the least mean loss in the worst periods, counting the cost of trading there. The mean loss is the largest
 * of very many planes; those met so far are kept as rows of a program, which is drawn to the best weights so far, and its
 * answer either is better or brings a new plane. The rows prove how much is left to gain.
 * Source: Rockafellar and Uryasev (2000); Künzi-Bay and Mayer (2006) for the planes; Kiwiel (1990) for the drawing.
 * @throws Failure PORTFOLIO_INPUT_INVALID for a confidence outside 0 to 1, PORTFOLIO_INFEASIBLE naming constraints,
 *   PORTFOLIO_NOT_SOLVED when the least is not proven
 */
export function meanConditionalValueAtRisk(
  { confidence, returnMin }: MeanLossObjective,
  { moments, history }: { readonly moments: Moments; readonly history: AssetReturns },
  constraints: PortfolioConstraints,
): OptimalWeights {
  if (!(confidence > 0 && confidence < 1)) {
    throw new Failure('PORTFOLIO_INPUT_INVALID', `a confidence lies between 0 and 1, not ${confidence}`, {
      confidence,
    });
  }
  const kept = checkedConstraints(constraints, moments.assets);
  const rows = [
    ...constraintRows(kept),
    ...(returnMin === undefined ? [] : [returnRow(returnMin, moments.expected, kept)]),
  ];
  return new LossSearch({ history, confidence, rows, constraints: kept }).run();
}

interface LossProblem {
  readonly history: AssetReturns;
  readonly confidence: number;
  readonly rows: readonly ProgramRow[];
  readonly constraints: PortfolioConstraints;
}

/** A plane under the mean loss, through it where it was met. */
interface Cut {
  readonly slopes: Float64Array;
  /** Rounds since it last bound. */
  idle: number;
}

class LossSearch {
  readonly #problem: LossProblem;
  readonly #cost: ConvexCost;
  #cuts: Cut[] = [];
  #iterations = 0;

  constructor(problem: LossProblem) {
    this.#problem = problem;
    const { costs, held, lower } = problem.constraints;
    this.#cost = {
      slopes: new Float64Array(lower.length),
      ...(costs && { distance: { weights: costs, from: held! } }),
    };
  }

  run(): OptimalWeights {
    const { constraints } = this.#problem;
    const size = constraints.lower.length;
    let centre = this.#anyPoint(constraints.held ?? new Float64Array(size).fill(constraints.budget / size));
    let least = this.#loss(centre);
    let drawing = this.#steepness();
    for (let round = 1; round <= roundsMax; round += 1) {
      const { weights, bound } = this.#next(centre, least, drawing);
      const gap = least - bound;
      const scale = Math.max(Math.abs(least), 10 * this.#steepness());
      if (gap <= gapFractionMax * scale) return this.#proven(centre, gap, round);
      const loss = this.#loss(weights.point);
      const better = loss <= least - gainFractionMin * weights.gain;
      if (better) [centre, least] = [weights.point, loss];
      // A gain that rounding hides says that only the drawing still holds the bound down.
      if (better || weights.gain <= gapFractionMax * scale)
        drawing = Math.max(drawing / 2, drawingFractionMin * this.#steepness());
      else drawing = Math.min(drawing * 1.1, this.#steepness());
    }
    throw new Failure('PORTFOLIO_NOT_SOLVED', `the least mean loss was not proven in ${roundsMax} rounds`, {
      rounds: roundsMax,
    });
  }

  #proven(weights: Float64Array, gap: number, programs: number): OptimalWeights {
    const breach = this.#problem.rows.reduce((most, row) => {
      const over = costAt(row, weights) - row.bound;
      return Math.max(most, row.kind === 'equal' ? Math.abs(over) : over);
    }, 0);
    const residuals = { breach, descent: Math.max(0, gap), slackness: 0 };
    return { weights, solver: { method: 'proximal bundle', iterations: this.#iterations, programs, residuals } };
  }

  /** A point that keeps all rows, near another. */
  #anyPoint(near: Float64Array): Float64Array {
    const program = this.#program(near, 0, 1);
    const size = near.length;
    const values = new Float64Array(size * size);
    for (let asset = 0; asset < size; asset += 1) values[asset * (size + 1)] = 1;
    return solveProgram(
      {
        quadratic: { size, values },
        cost: { slopes: near.map((weight) => -weight) },
        lower: program.lower.slice(0, size),
        upper: program.upper.slice(0, size),
        rows: this.#problem.rows,
      },
      near,
    ).point;
  }

  /** Mean loss with costs; its plane is kept. */
  #loss(weights: Float64Array): number {
    const { history, confidence } = this.#problem;
    const periods = tail(portfolioReturns(history, weights), confidence);
    const slopes = Float64Array.from(history.returns, (series) =>
      periods.reduce((sum, { period, part }) => sum - part * series[period]!, 0),
    );
    const apart = planesApartMin * this.#steepness();
    const known = this.#cuts.some((cut) =>
      cut.slopes.every((slope, asset) => Math.abs(slope - slopes[asset]!) <= apart),
    );
    if (!known) this.#cuts.push({ slopes, idle: 0 });
    return dot(slopes, weights) + costAt(this.#cost, weights);
  }

  #next(
    centre: Float64Array,
    least: number,
    drawing: number,
  ): { readonly weights: { readonly point: Float64Array; readonly gain: number }; readonly bound: number } {
    const size = centre.length;
    const highest = least - costAt(this.#cost, centre);
    const program = this.#program(centre, highest, drawing);
    const start = new Float64Array(size + 1);
    start.set(centre);
    start[size] = highest;
    const { point, multipliers, iterations } = solveProgram(program, start);
    this.#iterations += iterations;
    const weights = point.slice(0, size);
    const first = this.#problem.rows.length;
    for (const [place, cut] of this.#cuts.entries()) cut.idle = multipliers[first + place]! > 0 ? 0 : cut.idle + 1;
    this.#forget();
    const modelled = point[size]! + costAt(this.#cost, weights);
    // No weights within the bounds are further from these than this in any asset.
    const { lower, upper } = this.#problem.constraints;
    const reach = weights.reduce(
      (sum, weight, asset) =>
        sum + Math.abs(weight - centre[asset]!) * Math.max(upper[asset]! - weight, weight - lower[asset]!),
      0,
    );
    // Two mean losses are not further apart than all of the capital.
    const loss = Math.abs(highest - point[size]!);
    return {
      weights: { point: weights, gain: least - modelled },
      bound: modelled - drawing * reach - drawing * loss,
    };
  }

  #forget(): void {
    if (this.#cuts.length <= sparesMax + this.#cuts.filter(({ idle }) => idle === 0).length) return;
    const oldest = this.#cuts.reduce((most, { idle }) => Math.max(most, idle), 0);
    this.#cuts = this.#cuts.filter(({ idle }) => idle < oldest);
  }

  /** How fast the mean loss can rise, of one asset. */
  #steepness(): number {
    return this.#cuts.reduce(
      (most, { slopes }) => slopes.reduce((steepest, slope) => Math.max(steepest, Math.abs(slope)), most),
      0,
    );
  }

  /** Weights, then the mean loss as one more variable, drawn to a centre. */
  #program(centre: Float64Array, loss: number, drawing: number): QuadraticProgram {
    const { rows, constraints } = this.#problem;
    const size = centre.length;
    const longer = (values: Float64Array, last: number): Float64Array => {
      const long = new Float64Array(size + 1);
      long.set(values);
      long[size] = last;
      return long;
    };
    const values = new Float64Array((size + 1) ** 2);
    for (let variable = 0; variable <= size; variable += 1) values[variable * (size + 2)] = drawing;
    const lengthened = ({ slopes, distance }: ConvexCost, last: number): ConvexCost => ({
      slopes: longer(slopes, last),
      ...(distance && { distance: { weights: longer(distance.weights, 0), from: longer(distance.from, 0) } }),
    });
    const pull = longer(
      centre.map((weight) => -drawing * weight),
      1 - drawing * loss,
    );
    const { distance } = lengthened(this.#cost, 0);
    return {
      quadratic: { size: size + 1, values },
      cost: { slopes: pull, ...(distance && { distance }) },
      lower: longer(constraints.lower, Number.NEGATIVE_INFINITY),
      upper: longer(constraints.upper, Number.POSITIVE_INFINITY),
      rows: [
        ...rows.map(({ name, kind, bound, ...cost }): ProgramRow => ({ name, kind, bound, ...lengthened(cost, 0) })),
        ...this.#cuts.map(({ slopes }, place): ProgramRow => ({
          name: `plane ${place + 1} of the mean loss`,
          kind: 'atMost',
          bound: 0,
          slopes: longer(slopes, -1),
        })),
      ],
    };
  }
}
