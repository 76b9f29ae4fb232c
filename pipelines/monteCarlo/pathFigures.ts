import { sessionsPerYear } from '#domain/sessionsPerYear.ts';
import { sampleDeviation } from '../metrics/moments.ts';

/** Figures of one path. */
export interface PathFigures {
  readonly totalReturn: number;
  readonly maximumDrawdown: number;
  /** Null where the path does not vary. */
  readonly sharpe: number | null;
}

/** Below this part of what was summed a variance is what rounding left. */
const cancelled = 1e-9;

/**
 * Figures of a path as the metrics define each of them, in one pass: a thousand paths leave no room for a pass a figure.
 * @param path shape [sessions], simple returns
 * @param centre about the mean of such paths: squares are summed about it, so that little cancels
 * @param fan rows after which the growth so far goes to `into` at `first + point * stride`, from point 1 on, ascending
 */
export function pathFigures(
  path: Float64Array,
  centre: number,
  fan: {
    readonly rows: readonly number[];
    readonly into: Float64Array;
    readonly first: number;
    readonly stride: number;
  },
): PathFigures {
  const { rows, into, first, stride } = fan;
  let [value, peak, low, total, squares] = [1, 1, 1, 0, 0];
  into[first] = 1;
  let row = 0;
  for (let point = 1; point < rows.length; point += 1) {
    for (const end = rows[point]!; row < end; row += 1) {
      const change = path[row]!;
      const off = change - centre;
      value *= 1 + change;
      total += change;
      squares += off * off;
      if (value > peak) peak = value;
      // A quotient only where the fall is deeper: most sessions need none.
      else if (value < low * peak) low = value / peak;
    }
    into[first + point * stride] = value;
  }
  const average = total / path.length;
  const shift = path.length * (average - centre) ** 2;
  // Where nearly everything cancels, the slow and exact way says whether anything varies at all.
  const still = squares - shift <= cancelled * squares || squares <= path.length * (cancelled * centre) ** 2;
  const deviation = still || path.length < 2 ? sampleDeviation(path) : Math.sqrt((squares - shift) / (path.length - 1));
  const sharpe = deviation ? (average / deviation) * Math.sqrt(sessionsPerYear) : null;
  return { totalReturn: value - 1, maximumDrawdown: 1 - low, sharpe };
}
