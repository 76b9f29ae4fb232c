import { requireShape } from './graph/shape.ts';
import type { Network } from './layers/layer.ts';

/** Sizes of a sample. */
export interface SampleShape {
  readonly windowSessions: number;
  readonly features: number;
}

/** Sizes of a sample that a forecaster's network takes. */
export function sampleShape({ input }: Network): SampleShape {
  const [windowSessions = 0, features = 0] = input;
  return { windowSessions, features };
}

/**
 * How many samples flat inputs hold.
 * @throws Failure MODEL_SHAPE_MISMATCH when they end within a sample
 */
export function sampleCount(inputs: Float32Array, { windowSessions, features }: SampleShape): number {
  const count = inputs.length / (windowSessions * features);
  requireShape(Number.isInteger(count), 'cut into samples', [[inputs.length], [windowSessions, features]]);
  return count;
}

/**
 * Demands a label for every sample.
 * @throws Failure MODEL_SHAPE_MISMATCH when there are more or fewer, or inputs end within a sample
 */
export function requireLabels(
  { inputs, labels }: { readonly inputs: Float32Array; readonly labels: Float32Array },
  shape: SampleShape,
): void {
  const count = sampleCount(inputs, shape);
  requireShape(count === labels.length, 'label samples', [[count], [labels.length]]);
}
