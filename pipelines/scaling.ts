import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { digestOf } from '#domain/sha256.ts';
import type { FeatureTable } from './featureTable.ts';
import { rowsOfSpan, type SessionSpan } from './sessionSpan.ts';

/** How features are brought to one scale. */
export interface ScalingOptions {
  /** `standard`: mean and standard deviation; `robust`: median and interquartile range, unmoved by outliers. */
  readonly kind: 'standard' | 'robust';
  /** Scaled values are cut to this distance from 0, in units of the scale. */
  readonly clip: number;
}

/** Scaling unless a model says otherwise. */
export const defaultScaling: ScalingOptions = { kind: 'robust', clip: 5 };

/** A fitted scaler: plain JSON, part of a model's artifact. */
export interface Scaler extends ScalingOptions {
  readonly names: readonly string[];
  /** Shape [names]; what becomes 0. */
  readonly centers: readonly number[];
  /** Shape [names]; what becomes 1; 1 for a feature that never moved, which so becomes 0. */
  readonly scales: readonly number[];
}

/** Interquartile range of the standard normal distribution: makes the robust scale a standard deviation there. */
const normalQuartileRange = 1.3489795003921634;

/**
 * Fits a scaler to the sessions of a span and to nothing else; rows still warming up are left out feature by feature.
 * @param span the training part
 * @throws Failure FEATURES_INSUFFICIENT when a feature has no value in the span
 */
export function fitScaler(table: FeatureTable, span: SessionSpan, options: ScalingOptions = defaultScaling): Scaler {
  const { first, end } = rowsOfSpan(table.sessions, span);
  const centers: number[] = [];
  const scales: number[] = [];
  for (const [feature, name] of table.names.entries()) {
    const values: number[] = [];
    for (let symbol = 0; symbol < table.symbols.length; symbol += 1) {
      for (let session = first; session < end; session += 1) {
        const value = table.values[(symbol * table.sessions.length + session) * table.names.length + feature]!;
        if (!Number.isNaN(value)) values.push(value);
      }
    }
    if (values.length === 0) {
      const message = `feature ${name} has no value from ${span.from} to ${span.to}`;
      throw new Failure('FEATURES_INSUFFICIENT', message, { feature: name, from: span.from, to: span.to });
    }
    const { center, scale } = options.kind === 'robust' ? robustScale(values) : standardScale(values);
    centers.push(center);
    scales.push(scale > 0 ? scale : 1);
  }
  return { kind: options.kind, clip: options.clip, names: table.names, centers, scales };
}

/**
 * Applies a scaler to every row; NaN stays NaN.
 * @throws Failure FEATURE_SPEC_INVALID when the table's features are not the scaler's, in its order
 */
export function scaleFeatures(scaler: Scaler, table: FeatureTable): FeatureTable {
  if (table.names.join() !== scaler.names.join()) {
    const message = `the scaler knows ${scaler.names.join(', ')}, not ${table.names.join(', ')}`;
    throw new Failure('FEATURE_SPEC_INVALID', message, { scaler: scaler.names, table: table.names });
  }
  const width = scaler.names.length;
  const values = table.values.map((value, index) => {
    const scaled = (value - scaler.centers[index % width]!) / scaler.scales[index % width]!;
    return Math.min(Math.max(scaled, -scaler.clip), scaler.clip);
  });
  return { ...table, values };
}

/** Identity of a fitted scaler. */
export function scalerDigest(scaler: Scaler): Digest {
  return digestOf(scaler);
}

interface Scale {
  readonly center: number;
  readonly scale: number;
}

function standardScale(values: readonly number[]): Scale {
  const center = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return { center, scale: Math.sqrt(squares / values.length) };
}

function robustScale(values: readonly number[]): Scale {
  const sorted = Float64Array.from(values).sort();
  const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  return { center: quantile(sorted, 0.5), scale: range / normalQuartileRange };
}

/** Quantile of ascending values, linear between neighbours (Hyndman and Fan's type 7). */
function quantile(sorted: Float64Array, fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
