import { dot } from './symmetricMatrix.ts';

/** A row that keeps less than this part of itself beside the others is a combination of them. */
const independenceMin = 1e-11;
/** A step under this part of the slopes it comes from is rounding. */
const roundingFraction = 1e-13;

/** A step on binding rows. */
export interface ProjectedStep {
  readonly kind: 'step';
  /** Shape [free]. */
  readonly step: Float64Array;
  /** Shape [rows]: what each row takes of the slopes. */
  readonly multipliers: Float64Array;
}

/** A row that is a combination of those before it. */
export interface DependentRow {
  readonly kind: 'dependent';
  readonly place: number;
}

/**
 * The step down given slopes that changes rows by given amounts: slopes less what of them lies along the rows. Rows are
 * made orthogonal to each other first, twice over, so that rows which are nearly alike do no harm.
 * Source: Golub and Van Loan, "Matrix Computations", sections 5.2.8 and 6.1; Giraud and others (2005) for the repetition.
 * @param down slopes, shape [free]; becomes the step
 * @param sides slopes of the rows, shape [rows][free]
 * @param over by how much each row is over its bound, shape [rows]
 */
export function projectedStep(
  down: Float64Array,
  sides: readonly Float64Array[],
  over: Float64Array,
): ProjectedStep | DependentRow {
  const count = sides.length;
  const upper = new Float64Array(count * count);
  const directions: Float64Array[] = [];
  for (const [place, side] of sides.entries()) {
    const direction = side.slice();
    for (let pass = 0; pass < 2; pass += 1) {
      directions.forEach((other, row) => {
        const along = dot(other, direction);
        upper[row * count + place]! += along;
        addTimes(direction, -along, other);
      });
    }
    const length = Math.sqrt(dot(direction, direction));
    if (!(length > independenceMin * Math.sqrt(dot(side, side)))) return { kind: 'dependent', place };
    upper[place * count + place] = length;
    directions.push(direction.map((value) => value / length));
  }
  const before = dot(down, down);
  // What of the slopes lies along the rows, and the way back to the bounds.
  const along = directions.map((direction) => {
    const part = dot(direction, down);
    addTimes(down, -part, direction);
    return part;
  });
  // With nothing left beside the rows, what is computed of it is rounding.
  const rest = dot(down, down) > roundingFraction ** 2 * before;
  const step = down.map((value) => (rest ? -value : 0));
  const back = new Float64Array(count);
  for (let place = 0; place < count; place += 1) {
    let sum = -over[place]!;
    for (let row = 0; row < place; row += 1) sum -= upper[row * count + place]! * back[row]!;
    back[place] = sum / upper[place * count + place]!;
    addTimes(step, back[place]!, directions[place]!);
  }
  const multipliers = new Float64Array(count);
  for (let place = count - 1; place >= 0; place -= 1) {
    let sum = -along[place]! - back[place]!;
    for (let column = place + 1; column < count; column += 1)
      sum -= upper[place * count + column]! * multipliers[column]!;
    multipliers[place] = sum / upper[place * count + place]!;
  }
  return { kind: 'step', step, multipliers };
}

function addTimes(to: Float64Array, times: number, other: Float64Array): void {
  for (let index = 0; index < to.length; index += 1) to[index]! += times * other[index]!;
}
