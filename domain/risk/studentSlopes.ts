import { studentT } from '../distributions.ts';
import { fitStudentT, freedomRange } from './fitStudentT.ts';
import type { WeightedAssets } from './portfolioCovariance.ts';

/**
 * How the value at risk of a fitted Student t distribution moves with each weight. The fit solves the conditions of
 * largest likelihood; what a weight does to location, scale and degrees of freedom follows from the slopes of those
 * conditions (implicit function theorem). Where the degrees of freedom stand at an end of their range they stay there.
 * @param portfolio shape [sessions], returns of the assets at their weights
 * @returns shape [assets], for a weight of 1
 * @throws RangeError as `fitStudentT`
 */
export function studentSlopes({ returns }: WeightedAssets, portfolio: Float64Array, confidence: number): Float64Array {
  const { location, scale, degreesOfFreedom: freedom } = fitStudentT(portfolio);
  const [least, most] = freedomRange;
  const isFixed = freedom < least * 1.0001 || freedom > most * 0.9999;
  // Parameters are location, logarithm of scale, degrees of freedom.
  const curvature = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, isFixed ? 1 : portfolio.length * constantCurvature(freedom)],
  ];
  const pulls = Array.from(portfolio, (value) => {
    const z = (value - location) / scale;
    const divisor = freedom + z ** 2;
    const pull = ((freedom + 1) * z) / divisor;
    const steepness = ((freedom + 1) * (freedom - z ** 2)) / divisor ** 2;
    const byFreedom = isFixed ? 0 : (z * (z ** 2 - 1)) / divisor ** 2;
    const turned = steepness * z + pull;
    curvature[0]![0]! -= steepness / scale ** 2;
    curvature[0]![1]! -= turned / scale;
    curvature[0]![2]! += byFreedom / scale;
    curvature[1]![1]! -= turned * z;
    curvature[1]![2]! += byFreedom * z;
    if (!isFixed) {
      curvature[2]![2]! += 1 / freedom - 1 / divisor + ((freedom + 1) / 2) * (1 / divisor ** 2 - 1 / freedom ** 2);
    }
    // Slopes of the three conditions with this session's return.
    return [steepness / scale ** 2, turned / scale, 0 - byFreedom / scale] as const;
  });
  [curvature[1]![0], curvature[2]![0], curvature[2]![1]] = [curvature[0]![1]!, curvature[0]![2]!, curvature[1]![2]!];
  const quantileAt = (degrees: number): number => studentT(degrees).quantile(1 - confidence);
  const step = freedom * 1e-4;
  const quantileSlope = isFixed ? 0 : (quantileAt(freedom + step) - quantileAt(freedom - step)) / (2 * step);
  const lossSlopes = [-1, 0 - scale * quantileAt(freedom), 0 - scale * quantileSlope];
  // One system for all assets: the slopes of the loss through the inverse, then each session's pull.
  const through = solved(curvature, lossSlopes);
  const bySession = pulls.map((pull) => 0 - pull.reduce((sum, value, row) => sum + value * through[row]!, 0));
  return Float64Array.from(returns, (column) =>
    column.reduce((sum, value, session) => sum + value * bySession[session]!, 0),
  );
}

/** Second derivative of the logarithm of the density's constant by the degrees of freedom. */
function constantCurvature(freedom: number): number {
  return (trigamma((freedom + 1) / 2) - trigamma(freedom / 2)) / 4 + 1 / (2 * freedom ** 2);
}

/** Second derivative of the logarithm of the gamma function, by recurrence and its series (Abramowitz and Stegun 6.4.12). */
function trigamma(value: number): number {
  let [sum, at] = [0, value];
  for (; at < 12; at += 1) sum += 1 / at ** 2;
  const inverse = 1 / at ** 2;
  return sum + 1 / at + inverse / 2 + (inverse / at) * (1 / 6 - inverse * (1 / 30 - inverse * (1 / 42 - inverse / 30)));
}

/** Solution of three symmetric equations by Cramer's rule. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const determinantOf = (rows: readonly (readonly number[])[]): number => {
    const [[a, b, c], [d, e, f], [g, h, i]] = rows as [
      [number, number, number],
      [number, number, number],
      [number, number, number],
    ];
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  };
  const whole = determinantOf(matrix);
  return right.map(
    (_, column) =>
      determinantOf(matrix.map((row, at) => row.map((value, place) => (place === column ? right[at]! : value)))) /
      whole,
  );
}
