// How sure a forecast is, from what the network left unexplained on samples it was not fitted to: split conformal
// prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018) and its predictive distribution (Vovk et al. 2017).
//
// What is promised: if a new sample and the calibration samples are exchangeable, the interval of a coverage contains the
// return at least that often. Where it ends: the calibration part also chose the epoch, which flatters it a little;
// markets change, so the coverage of past sessions is no promise of the next ones; every interval of a network is equally
// wide, only its middle moves.

const levels = 200;

/** Coverage of the interval that a forecast carries. */
export const intervalCoverage = 0.9;

/** A forecast of one sample's return, fractions. */
export interface Forecast {
  readonly mean: number;
  /** Of the return around the mean, as the calibration samples showed it. */
  readonly standardDeviation: number;
  /** Ends of the interval that holds the return in 9 of 10 cases. */
  readonly lower: number;
  readonly upper: number;
  /** Probability that the return has the sign of the mean, in [0, 1]. */
  readonly confidence: number;
}

/** What calibration found. */
export interface Calibration {
  /** Of the residuals around zero, returns. */
  readonly standardDeviation: number;
  /** Conformal quantiles of the residuals, label less forecast, at the levels 1/200 to 199/200; never falling. */
  readonly quantiles: readonly number[];
}

/**
 * What residuals tell of forecasts to come. With fewer than 199 of them the outermost quantiles are the extremes seen.
 * @param residuals label less forecast, of samples the forecaster was not fitted to; at least one, all finite
 * @throws RangeError when there is none, or one is not finite
 */
export function calibrate(residuals: Float32Array): Calibration {
  if (residuals.length === 0 || !residuals.every(Number.isFinite)) {
    throw new RangeError(`calibrating needs finite residuals, not ${residuals.length} of which some are not`);
  }
  const sorted = Float64Array.from(residuals).sort();
  const count = sorted.length;
  const quantiles = Array.from({ length: levels - 1 }, (_, index) => {
    const place = ((count + 1) * (index + 1)) / levels;
    // Outwards on both sides: a new residual is as likely to fall between any two neighbours.
    const rank = index + 1 > levels / 2 ? Math.ceil(place) : Math.floor(place);
    return sorted[Math.min(Math.max(rank, 1), count) - 1]!;
  });
  const square = residuals.reduce((sum, residual) => sum + residual * residual, 0) / count;
  // A forecast must say how unsure it is, even where nothing was left unexplained.
  return { standardDeviation: Math.max(Math.sqrt(square), 1e-9), quantiles };
}

/** A forecast around a mean. */
export function forecastAround(mean: number, { standardDeviation, quantiles }: Calibration): Forecast {
  const tail = Math.round(((1 - intervalCoverage) / 2) * levels);
  const rise = 1 - shareBelow(quantiles, -mean);
  return {
    mean,
    standardDeviation,
    lower: mean + quantiles[tail - 1]!,
    upper: mean + quantiles[levels - tail - 1]!,
    confidence: mean < 0 ? 1 - rise : rise,
  };
}

/** Probability that a residual lies below a value: linear between quantiles, at most one level from certain. */
function shareBelow(quantiles: readonly number[], value: number): number {
  const above = quantiles.findIndex((quantile) => quantile > value);
  if (above === 0) return 0.5 / levels;
  if (above < 0) return 1 - 0.5 / levels;
  const [low, high] = [quantiles[above - 1]!, quantiles[above]!];
  return (above + (value - low) / (high - low)) / levels;
}
