import { costAt, insidePiece, piecesOf, slopeAround, type QuadraticProgram } from './quadraticProgram.ts';
import { diagonal, product } from './symmetricMatrix.ts';

/** How far a point is from the conditions that only a least value keeps (Karush, Kuhn, Tucker); all 0 at best. */
export interface OptimalityResiduals {
  /** Largest breach of a bound or row, in the row's own unit. */
  readonly breach: number;
  /** Steepest descent left in any variable, as a part of the largest slope or curvature. */
  readonly descent: number;
  /** Largest product of a row's multiplier and its slack, or wrong sign of a multiplier, as the same part. */
  readonly slackness: number;
}

/** Values nearer to where pieces meet than this count as there. */
const nearness = 1e-10;

/**
 * Residuals of a point and multipliers, computed from the program alone, whatever found them.
 * @param point shape [variables]
 * @param multipliers shape [rows]
 */
export function optimalityResiduals(
  program: QuadraticProgram,
  point: Float64Array,
  multipliers: Float64Array,
): OptimalityResiduals {
  const { quadratic, cost, lower, upper, rows } = program;
  const gradient = product(quadratic, point);
  const pieces = piecesOf(program);
  const scale = Math.max(
    diagonal(quadratic).reduce((sum, value) => sum + value, 0) / quadratic.size,
    cost.slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0),
  );
  let breach = 0;
  let descent = 0;
  let slackness = 0;
  rows.forEach((row, index) => {
    const over = costAt(row, point) - row.bound;
    breach = Math.max(breach, row.kind === 'equal' ? Math.abs(over) : over);
    if (row.kind === 'equal') return;
    slackness = Math.max(slackness, -multipliers[index]! / scale, Math.abs(multipliers[index]! * over) / scale);
  });
  point.forEach((value, variable) => {
    breach = Math.max(breach, lower[variable]! - value, value - upper[variable]!);
    const slopeIn = (piece: number): number => {
      const inside = insidePiece(pieces[variable]!, piece);
      return rows.reduce(
        (sum, row, index) =>
          multipliers[index] === 0 ? sum : sum + multipliers[index]! * slopeAround(row, variable, inside),
        gradient[variable]! + slopeAround(cost, variable, inside),
      );
    };
    const points = pieces[variable]!;
    const upward = points.findLastIndex((at) => at <= value + nearness);
    const downward = points.findIndex((at) => at >= value - nearness) - 1;
    if (upward < points.length - 1) descent = Math.max(descent, -slopeIn(Math.max(0, upward)) / scale);
    if (downward >= 0) descent = Math.max(descent, slopeIn(downward) / scale);
  });
  return { breach, descent, slackness };
}
