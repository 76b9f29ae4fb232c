import { Matrix, solve } from 'ml-matrix';
import { calibrate, forecastAround } from './confidence.ts';
import type { Forecaster } from './forecaster.ts';
import { requireLabels, sampleCount, type SampleShape } from './samples.ts';
import type { SampleSet } from './training.ts';

/** Forecasts the training part's mean return for everything: what knowing nothing earns. */
export function naiveForecaster({ labels }: SampleSet, shape: SampleShape): Forecaster {
  const mean = meanOf(labels);
  const forecast = forecastAround(mean, calibrate(labels.map((label) => label - mean)));
  return {
    // Async, so that what is refused rejects, as the network's own forecasts do.
    predict: async (inputs) => Array.from({ length: sampleCount(inputs, shape) }, () => forecast),
  };
}

/** Default weight of the penalty: features are scaled, so one number serves all. */
const ridgePenalty = 10;

/**
 * Ridge regression (Hoerl and Kennard 1970) on the window's last session: the straight line a network must beat.
 * The intercept is not penalised.
 * @throws Failure MODEL_SHAPE_MISMATCH when there is not one label a sample
 */
export function ridgeForecaster({ inputs, labels }: SampleSet, shape: SampleShape): Forecaster {
  requireLabels({ inputs, labels }, shape);
  const rows = lastRows(inputs, shape);
  const mean = meanOf(labels);
  const design = new Matrix(rows);
  const centers = design.mean('column');
  const centered = Matrix.sub(design, Matrix.ones(design.rows, 1).mmul(Matrix.rowVector(centers)));
  const target = Matrix.columnVector(Array.from(labels, (label) => label - mean));
  const normal = centered.transpose().mmul(centered).add(Matrix.eye(shape.features).mul(ridgePenalty));
  const weights = solve(normal, centered.transpose().mmul(target)).to1DArray();
  const predict = (row: readonly number[]): number =>
    mean + row.reduce((sum, value, feature) => sum + (value - centers[feature]!) * weights[feature]!, 0);
  const errors = rows.map((row, index) => labels[index]! - predict(row));
  const calibration = calibrate(Float32Array.from(errors));
  return { predict: async (given) => lastRows(given, shape).map((row) => forecastAround(predict(row), calibration)) };
}

/** The last session's features of each window. */
function lastRows(inputs: Float32Array, shape: SampleShape): number[][] {
  const { features } = shape;
  const width = shape.windowSessions * features;
  return Array.from({ length: sampleCount(inputs, shape) }, (_, sample) =>
    Array.from(inputs.subarray((sample + 1) * width - features, (sample + 1) * width)),
  );
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
