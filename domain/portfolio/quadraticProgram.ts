import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** A convex function of the variables: slopes times variables, plus weights times distances from a point. */
export interface ConvexCost {
  /** Shape [variables]. */
  readonly slopes: Float64Array;
  /** Shapes [variables]; weights are not negative. Turnover is a distance from what is held, leverage one from zero. */
  readonly distance?: { readonly weights: Float64Array; readonly from: Float64Array };
}

/** A constraint: a cost that equals, or is at most, a bound. */
export interface ProgramRow extends ConvexCost {
  /** What a person calls it. */
  readonly name: string;
  /** Only a cost without distances may be held equal: otherwise the allowed points are not convex. */
  readonly kind: 'equal' | 'atMost';
  readonly bound: number;
}

/** Least of half x' Q x plus a cost, over bounds and rows. */
export interface QuadraticProgram {
  /** Q, positive definite, shape [variables, variables]. */
  readonly quadratic: SymmetricMatrix;
  readonly cost: ConvexCost;
  /** Shape [variables]; may be infinite. */
  readonly lower: Float64Array;
  /** Shape [variables], none under its lower one. */
  readonly upper: Float64Array;
  readonly rows: readonly ProgramRow[];
}

/** Value of a cost at a point. */
export function costAt({ slopes, distance }: ConvexCost, point: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < slopes.length; index += 1) sum += slopes[index]! * point[index]!;
  if (!distance) return sum;
  for (let index = 0; index < slopes.length; index += 1) {
    sum += distance.weights[index]! * Math.abs(point[index]! - distance.from[index]!);
  }
  return sum;
}

/** Slope of a cost in one variable, on the piece around a value that is no kink. */
export function slopeAround({ slopes, distance }: ConvexCost, variable: number, value: number): number {
  const slope = slopes[variable]!;
  if (!distance) return slope;
  return slope + distance.weights[variable]! * Math.sign(value - distance.from[variable]!);
}

/**
 * Points between which every cost is linear in a variable: its bounds, and where distances are measured from.
 * @returns shape [variables], each ascending and without repetition; one point for a variable that cannot move
 */
export function piecesOf({ cost, lower, upper, rows }: QuadraticProgram): readonly Float64Array[] {
  const distances = [cost, ...rows].flatMap(({ distance }) => distance ?? []);
  return Array.from(lower, (least, variable) => {
    const most = upper[variable]!;
    if (distances.length === 0) return least === most ? Float64Array.of(least) : Float64Array.of(least, most);
    const kinks = distances
      .filter(({ weights }) => weights[variable]! > 0)
      .map(({ from }) => from[variable]!)
      .filter((kink) => kink > least && kink < most);
    return Float64Array.from(new Set([least, ...kinks.sort((a, b) => a - b), most]));
  });
}

/** A value inside the piece that begins at a point. */
export function insidePiece(points: Float64Array, piece: number): number {
  const [from, to] = [points[piece]!, points[piece + 1]!];
  if (Number.isFinite(from)) return Number.isFinite(to) ? (from + to) / 2 : from + 1;
  return Number.isFinite(to) ? to - 1 : 0;
}
