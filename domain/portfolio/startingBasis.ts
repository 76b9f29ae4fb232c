import { insidePiece, slopeAround, type ProgramRow, type QuadraticProgram } from './quadraticProgram.ts';

/** Where a search begins: what is free, what rests, and which rows bind. */
export interface Basis {
  /** Shape [variables]; resting ones exactly where pieces meet. */
  readonly point: Float64Array;
  /** Piece of each free variable, meeting point of each resting one, shape [variables]. */
  readonly where: Int32Array;
  readonly free: readonly number[];
  /** Rows held equal, independent of each other in the free variables. */
  readonly binding: readonly number[];
}

/** Values nearer to where pieces meet than this rest there. */
const nearness = 1e-12;
/** A row that keeps less than this part of itself is a combination of the others. */
const independenceMin = 1e-9;

/**
 * The basis at a point that keeps bounds and rows. Rows held equal must be independent in the free variables, so that
 * each can bind: where they are not, resting variables are freed on the spot; a row that no variable tells from the
 * others says nothing new and is left out.
 * @param pieces as of `piecesOf`
 */
export function startingBasis(program: QuadraticProgram, pieces: readonly Float64Array[], start: Float64Array): Basis {
  const point = start.slice();
  const where = new Int32Array(point.length);
  const free: number[] = [];
  pieces.forEach((points, variable) => {
    const value = point[variable]!;
    const rest = points.findIndex((at) => Math.abs(at - value) <= nearness);
    if (rest >= 0) {
      point[variable] = points[rest]!;
      where[variable] = rest;
    } else {
      where[variable] = points.findLastIndex((at) => at < value);
      free.push(variable);
    }
  });
  const equalities = program.rows.flatMap((row, index) => (row.kind === 'equal' ? [{ row, index }] : []));
  const binding: number[] = [];
  const reduced: ReducedRow[] = [];
  for (const { row, index } of equalities) {
    const whole = Float64Array.from(pieces, (points, variable) => slopeOf(row, { variable, points, where }));
    for (const { pivot, slopes } of reduced) subtract(whole, slopes, whole[pivot]!);
    const scale = independenceMin * row.slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    const pivot =
      largest(whole, free, scale) ??
      largest(
        whole,
        pieces.flatMap((points, variable) => (points.length > 1 && !free.includes(variable) ? [variable] : [])),
        scale,
      );
    if (pivot === undefined) continue;
    if (!free.includes(pivot)) {
      free.push(pivot);
      where[pivot] = Math.min(where[pivot]!, pieces[pivot]!.length - 2);
    }
    const unit = whole[pivot]!;
    reduced.push({ pivot, slopes: whole.map((slope) => slope / unit) });
    binding.push(index);
  }
  return { point, where, free, binding };
}

interface ReducedRow {
  readonly pivot: number;
  /** 1 at the pivot. */
  readonly slopes: Float64Array;
}

function slopeOf(
  row: ProgramRow,
  { variable, points, where }: { readonly variable: number; readonly points: Float64Array; readonly where: Int32Array },
): number {
  if (points.length < 2) return 0;
  return slopeAround(row, variable, insidePiece(points, Math.min(where[variable]!, points.length - 2)));
}

function subtract(from: Float64Array, slopes: Float64Array, times: number): void {
  for (let index = 0; index < from.length; index += 1) from[index]! -= times * slopes[index]!;
}

function largest(slopes: Float64Array, among: readonly number[], over: number): number | undefined {
  let best: number | undefined;
  for (const variable of among) {
    const size = Math.abs(slopes[variable]!);
    if (size > (best === undefined ? over : Math.abs(slopes[best]!))) best = variable;
  }
  return best;
}
