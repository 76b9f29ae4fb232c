import { Failure } from '#domain/failure.ts';
import type { Floats } from './graph/graphSession.ts';
import { sizeOf } from './graph/shape.ts';
import type { Network } from './layers/layer.ts';
import { networkInOnnx } from './layers/network.ts';
import { OnnxSession } from './onnx/onnxSession.ts';
import type { OnnxPrecision } from './onnx/onnxWriter.ts';

/** Largest distance between graph and ONNX, of standardised forecasts; relative where they are over one. */
export const parityTolerance = 1e-5;

/** Samples that parity and the variants' losses are measured on, at most, spread evenly. */
const samplesMax = 512;

/** What a smaller form of a model costs in accuracy, on samples it was not fitted to. */
export interface VariantLoss {
  readonly bytes: number;
  /** From the model in float32, standardised. */
  readonly largestDifference: number;
  /** Mean squared error of standardised labels, beside that of the model in float32. */
  readonly meanSquaredError: number;
  readonly meanSquaredErrorOfFloat32: number;
}

/** What was found out about a model as it is served. */
export interface ServingReport {
  readonly samples: number;
  /** Largest distance between graph and ONNX that was seen. */
  readonly parity: number;
  readonly variants: Readonly<Record<Exclude<OnnxPrecision, 'float32'>, VariantLoss>>;
}

/** A trained network and samples to judge it on. */
export interface ServingTrial {
  readonly network: Network;
  readonly parameters: Floats;
  /** Shape [count, window, features], scaled. */
  readonly inputs: Float32Array;
  /** Standardised. */
  readonly labels: Float32Array;
  /** What the graph it was trained in answers to the inputs. */
  readonly predictions: Float32Array;
}

/**
 * The model as it is served, proven to answer as its graph does, with what smaller forms of it would cost.
 * @throws Failure ONNX_PARITY_BROKEN when graph and ONNX disagree
 */
export async function proveServing(
  trial: ServingTrial,
): Promise<{ readonly model: Uint8Array; readonly report: ServingReport }> {
  const { network, parameters } = trial;
  const sample = someOf(trial);
  const answers = async (model: Uint8Array): Promise<Float32Array> => {
    const session = await OnnxSession.load(model, network.input, { provider: 'cpu', threads: 1 });
    try {
      return await session.run(sample.inputs);
    } finally {
      await session.release();
    }
  };
  const model = networkInOnnx(network, parameters, 'float32');
  const whole = await answers(model);
  const parity = requireParity(sample.predictions, whole);
  const loss = async (precision: OnnxPrecision): Promise<VariantLoss> => {
    const variant = networkInOnnx(network, parameters, precision);
    const given = await answers(variant);
    return {
      bytes: variant.length,
      largestDifference: largest(given.map((value, row) => Math.abs(value - whole[row]!))),
      meanSquaredError: meanSquare(given, sample.labels),
      meanSquaredErrorOfFloat32: meanSquare(whole, sample.labels),
    };
  };
  const variants = { float16: await loss('float16'), int8: await loss('int8') };
  return { model, report: { samples: sample.labels.length, parity, variants } };
}

/**
 * Demands that two forms of a model answer alike.
 * @returns the largest distance
 * @throws Failure ONNX_PARITY_BROKEN when it is over the tolerance, or an answer is no number in one form alone
 */
export function requireParity(graph: Float32Array, onnx: Float32Array): number {
  const distances = graph.map((value, row) => {
    const distance = Math.abs(value - onnx[row]!) / Math.max(1, Math.abs(value));
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
  });
  const parity = largest(distances);
  if (graph.length === onnx.length && parity <= parityTolerance) return parity;
  const sample = distances.indexOf(parity);
  const message = `graph and ONNX differ by ${parity} on sample ${sample}, allowed are ${parityTolerance}`;
  throw new Failure('ONNX_PARITY_BROKEN', message, { parity, sample, tolerance: parityTolerance });
}

function someOf({ network, inputs, labels, predictions }: ServingTrial): Omit<ServingTrial, 'network' | 'parameters'> {
  const width = sizeOf(network.input);
  const count = Math.min(samplesMax, labels.length);
  const rows = Array.from({ length: count }, (_, index) => Math.floor((index * labels.length) / count));
  const chosen = new Float32Array(count * width);
  for (const [place, row] of rows.entries()) chosen.set(inputs.subarray(row * width, (row + 1) * width), place * width);
  const pick = (values: Float32Array): Float32Array => Float32Array.from(rows, (row) => values[row]!);
  return { inputs: chosen, labels: pick(labels), predictions: pick(predictions) };
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function meanSquare(values: Float32Array, labels: Float32Array): number {
  return values.reduce((sum, value, row) => sum + (value - labels[row]!) ** 2, 0) / values.length;
}
