import jstat from 'jstat';

const { normal, studentt, chisquare } = jstat.jStat;

/** A continuous distribution of a standard form. */
export interface Distribution {
  readonly density: (value: number) => number;
  /** Probability of a value at or below this one; absolute error under 1e-9. */
  readonly cumulative: (value: number) => number;
  /**
   * Value that this part of draws lies at or below; relative error under 1e-8 for probabilities from 1e-9 on.
   * @throws RangeError for a probability outside (0, 1)
   */
  readonly quantile: (probability: number) => number;
}

/** Mean 0, deviation 1. */
export const standardNormal: Distribution = {
  density: (value) => normal.pdf(value, 0, 1),
  cumulative: (value) => normal.cdf(value, 0, 1),
  quantile: (probability) => normal.inv(checked(probability), 0, 1),
};

/**
 * Student's t, not scaled to a deviation of 1.
 * @throws RangeError unless the degrees of freedom are positive
 */
export function studentT(degreesOfFreedom: number): Distribution {
  return byDegrees(studentt, degreesOfFreedom);
}

/**
 * Chi-square, of likelihood ratios.
 * @throws RangeError unless the degrees of freedom are positive
 */
export function chiSquare(degreesOfFreedom: number): Distribution {
  return byDegrees(chisquare, degreesOfFreedom);
}

function byDegrees(family: typeof studentt, degreesOfFreedom: number): Distribution {
  if (!(degreesOfFreedom > 0)) throw new RangeError(`degrees of freedom must be positive, not ${degreesOfFreedom}`);
  return {
    density: (value) => family.pdf(value, degreesOfFreedom),
    cumulative: (value) => family.cdf(value, degreesOfFreedom),
    quantile: (probability) => family.inv(checked(probability), degreesOfFreedom),
  };
}

function checked(probability: number): number {
  if (probability > 0 && probability < 1) return probability;
  throw new RangeError(`a probability must lie between 0 and 1, not ${probability}`);
}
