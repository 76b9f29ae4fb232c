import { Failure } from '#domain/failure.ts';
import { activeSet } from './activeSet.ts';
import { breachMax, feasiblePoint, type Feasibility } from './feasiblePoint.ts';
import { optimalityResiduals, type OptimalityResiduals } from './optimality.ts';
import type { QuadraticProgram } from './quadraticProgram.ts';

/** The least value of a program, proven. */
export interface ProgramSolution {
  /** Shape [variables]. */
  readonly point: Float64Array;
  /** What a unit more of each row's bound would save, shape [rows]. */
  readonly multipliers: Float64Array;
  readonly iterations: number;
  readonly residuals: OptimalityResiduals;
}

/** Residuals of slopes over this are no rounding. */
const residualMax = 1e-7;

/**
 * Solves a program from a start that keeps its bounds (values outside are put at the nearer bound).
 * @throws Failure PORTFOLIO_INFEASIBLE naming the rows that cannot be kept together; PORTFOLIO_NOT_SOLVED when the
 *   answer found does not prove to be the least; PORTFOLIO_ILL_CONDITIONED for a quadratic that is not positive definite
 */
export function solveProgram(program: QuadraticProgram, start: Float64Array): ProgramSolution {
  const within = start.map((value, index) => Math.min(program.upper[index]!, Math.max(program.lower[index]!, value)));
  const feasible = feasiblePoint(program, within);
  if (feasible.kind === 'infeasible') throw infeasible(feasible);
  const { kind, point, multipliers, iterations } = activeSet(program, feasible.point);
  const residuals = optimalityResiduals(program, point, multipliers);
  const { breach, descent, slackness } = residuals;
  if (kind === 'exhausted' || !(breach <= 10 * breachMax && descent <= residualMax && slackness <= residualMax)) {
    throw new Failure('PORTFOLIO_NOT_SOLVED', `the solver ended ${kind} with residuals ${JSON.stringify(residuals)}`, {
      iterations,
      breach,
      descent,
      slackness,
    });
  }
  return { point, multipliers, iterations: iterations + feasible.iterations, residuals };
}

function infeasible({ missed, against }: Extract<Feasibility, { readonly kind: 'infeasible' }>): Failure {
  const parts = missed.map(({ name, by }) => `${name} (missed by ${by.toPrecision(4)})`);
  const beside = against.length > 0 ? ` beside ${against.join(', ')} and the bounds` : ' within the bounds';
  return new Failure('PORTFOLIO_INFEASIBLE', `no weights keep ${parts.join(' and ')}${beside}`, {
    missed: missed.map(({ name }) => name),
    against,
  });
}
