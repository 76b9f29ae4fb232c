import { Failure } from '#domain/failure.ts';
import { bracketedRoot } from './bracketedRoot.ts';
import { checkedConstraints, type PortfolioConstraints } from './constraints.ts';
import { constraintRows } from './constraintRows.ts';
import { costAt, type ConvexCost, type ProgramRow } from './quadraticProgram.ts';
import { solveProgram, type ProgramSolution } from './solveProgram.ts';
import { dot, product, quadraticForm, type SymmetricMatrix } from './symmetricMatrix.ts';

/** What is expected of assets over a year. */
export interface Moments {
  readonly assets: readonly string[];
  /** Returns, fractions, shape [assets]. */
  readonly expected: Float64Array;
  /** Positive definite, shape [assets, assets]. */
  readonly covariance: SymmetricMatrix;
}

/** A portfolio that no other allowed one betters, and what finding it took. */
export interface EfficientPortfolio {
  /** Shape [assets]. */
  readonly weights: Float64Array;
  /** Variance of a year. */
  readonly variance: number;
  /** Expected return of a year less the cost of trading there. */
  readonly netReturn: number;
  readonly solution: ProgramSolution;
}

/** What is weighed against half the variance. */
export interface TradeOff {
  /** Weight of the return before costs. */
  readonly returns: number;
  /** Weight of the cost of trading. */
  readonly costs: number;
}

/** Squared tracking errors nearer to the limit than this part of it are on it. */
const trackingFraction = 1e-12;

/**
 * Portfolios of least variance for a trade-off against return and cost, under constraints: one solver for all objectives
 * of mean and variance. Each search starts from the last answer.
 */
export class Frontier {
  readonly moments: Moments;
  readonly #constraints: PortfolioConstraints;
  readonly #rows: readonly ProgramRow[];
  readonly #netCost: ConvexCost;
  #last: Float64Array;
  /** Programs solved so far. */
  programs = 0;
  /** Steps of all programs solved so far. */
  iterations = 0;

  /** @throws Failure PORTFOLIO_INPUT_INVALID as of `checkedConstraints` */
  constructor(moments: Moments, constraints: PortfolioConstraints, more: readonly ProgramRow[] = []) {
    this.moments = moments;
    this.#constraints = checkedConstraints(constraints, moments.assets);
    this.#rows = [...constraintRows(constraints), ...more];
    const { costs, held } = constraints;
    this.#netCost = {
      slopes: moments.expected.map((value) => -value),
      ...(costs && { distance: { weights: costs, from: held! } }),
    };
    this.#last = firstGuess(moments.covariance, constraints);
  }

  /**
   * The portfolio of least half variance less weighed return plus weighed cost.
   * @throws Failure PORTFOLIO_INFEASIBLE naming the constraints that contradict each other
   */
  at(tradeOff: TradeOff): EfficientPortfolio {
    const { trackingErrorMax, benchmark } = this.#constraints;
    if (trackingErrorMax === undefined) return this.#solve(tradeOff, 0);
    const least = this.#trackedAt(tradeOff, 0);
    const limit = trackingErrorMax ** 2;
    if (least.value <= 0) return this.#solve(tradeOff, 0);
    const nearest = this.#trackedAt(tradeOff, 1);
    if (nearest.value > trackingFraction * limit) {
      const reached = Math.sqrt(nearest.value + limit);
      throw new Failure(
        'PORTFOLIO_INFEASIBLE',
        `no weights keep trackingErrorMax ${trackingErrorMax}: with the other constraints ${reached.toPrecision(4)} is least`,
        { missed: ['trackingErrorMax'], least: reached },
      );
    }
    if (!benchmark || nearest.value >= 0) return this.#solve(tradeOff, 1);
    const share = bracketedRoot((at) => this.#trackedAt(tradeOff, at).value, {
      low: least,
      high: nearest,
      valueMax: trackingFraction * limit,
    });
    return this.#solve(tradeOff, share);
  }

  /** Squared tracking error over its limit, when the benchmark has a share of the objective. */
  #trackedAt(tradeOff: TradeOff, share: number): { readonly at: number; readonly value: number } {
    const { weights } = this.#solve(tradeOff, share);
    const { benchmark, trackingErrorMax } = this.#constraints;
    const active = weights.map((weight, asset) => weight - benchmark![asset]!);
    return { at: share, value: quadraticForm(this.moments.covariance, active) - trackingErrorMax! ** 2 };
  }

  /** @param share of the distance to the benchmark in the objective: 1 is nothing else */
  #solve({ returns, costs }: TradeOff, share: number): EfficientPortfolio {
    const { expected, covariance } = this.moments;
    const { lower, upper, benchmark } = this.#constraints;
    const slopes = expected.map((value) => -(1 - share) * returns * value);
    if (share > 0 && benchmark) {
      product(covariance, benchmark).forEach((pull, asset) => {
        slopes[asset]! -= share * pull;
      });
    }
    const { distance } = this.#netCost;
    const weighed = distance && {
      weights: distance.weights.map((weight) => (1 - share) * costs * weight),
      from: distance.from,
    };
    const solution = solveProgram(
      {
        quadratic: covariance,
        cost: { slopes, ...(weighed && { distance: weighed }) },
        lower,
        upper,
        rows: this.#rows,
      },
      this.#last,
    );
    this.#last = solution.point;
    this.programs += 1;
    this.iterations += solution.iterations;
    const { point } = solution;
    return {
      weights: point,
      variance: dot(product(covariance, point), point),
      netReturn: -costAt(this.#netCost, point),
      solution,
    };
  }
}

/**
 * Weights within the bounds that sum to the budget where bounds allow: few assets, those of least variance, since the
 * search frees assets one at a time and most answers hold few.
 */
function firstGuess(covariance: SymmetricMatrix, { lower, upper, budget, held }: PortfolioConstraints): Float64Array {
  if (held) return held.slice();
  const weights = lower.map((least, asset) => Math.min(upper[asset]!, Math.max(0, least)));
  let left = budget - weights.reduce((sum, weight) => sum + weight, 0);
  const { size, values } = covariance;
  const calmest = Array.from(weights.keys()).sort((a, b) => values[a * (size + 1)]! - values[b * (size + 1)]!);
  for (const asset of calmest) {
    if (left <= 0) break;
    const added = Math.min(left, upper[asset]! - weights[asset]!);
    weights[asset]! += added;
    left -= added;
  }
  return weights;
}
