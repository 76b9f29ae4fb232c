import { canonicalJson } from '#domain/canonicalJson.ts';
import { Failure } from '#domain/failure.ts';
import type { ArtifactFiles } from '#domain/artifact.ts';
import { forecastAround, type Calibration, type Forecast } from './confidence.ts';
import { sizeOf } from './graph/shape.ts';
import { trainingPlan } from './networks.ts';
import { OnnxSession, type OnnxOptions } from './onnx/onnxSession.ts';
import { sampleCount, sampleShape } from './samples.ts';
import type { ServingReport } from './serving.ts';
import { encodeTensors } from './tensorFile.ts';
import type { TrainedNetwork } from './training.ts';
import type { TrainingSpec } from './trainingSpec.ts';

/** Something that forecasts. */
export interface Forecaster {
  /**
   * @param inputs shape [count, window, features], scaled as in training
   * @returns one forecast a sample
   * @throws Failure MODEL_SHAPE_MISMATCH when inputs end within a sample; FORECAST_NOT_FINITE when one is no number
   */
  predict(inputs: Float32Array): Promise<readonly Forecast[]>;
}

/** Names of an artifact's files. */
export const artifactNames = { spec: 'spec.json', weights: 'weights.bin', model: 'model.onnx' } as const;

/** What an artifact says of its network. */
export interface SavedSpec {
  readonly training: TrainingSpec;
  readonly features: number;
  readonly labelMean: number;
  readonly labelScale: number;
  readonly calibration: Calibration;
  readonly serving: ServingReport;
}

/** A trained network as an artifact's files. */
export function forecasterFiles(network: TrainedNetwork, training: TrainingSpec, features: number): ArtifactFiles {
  const { labelMean, labelScale, calibration, serving } = network;
  const saved: SavedSpec = { training, features, labelMean, labelScale, calibration, serving };
  return {
    [artifactNames.spec]: new TextEncoder().encode(canonicalJson(saved)),
    [artifactNames.weights]: encodeTensors(network.parameters),
    [artifactNames.model]: network.model,
  };
}

/** Samples of one call: what bounds the memory of a batch. */
const batchMax = 1_024;

/**
 * The forecaster in an artifact's files, served by ONNX Runtime; verify the artifact first.
 * @throws Failure ARTIFACT_UNREADABLE when a file is missing or damaged; MODEL_KIND_UNSUPPORTED when they hold an agent;
 *   ONNX_PROVIDER_MISSING when the runtime cannot
 *   compute where it is told to
 */
export async function loadForecaster(
  files: ArtifactFiles,
  options: OnnxOptions = { provider: 'cpu', threads: 1 },
): Promise<Forecaster & { release(): Promise<void> }> {
  const { training, features, labelMean, labelScale, calibration } = readSpec(files);
  const { network } = trainingPlan(training, features);
  const session = await OnnxSession.load(fileOf(files, artifactNames.model), network.input, options);
  return {
    async predict(inputs) {
      const count = sampleCount(inputs, sampleShape(network));
      const width = sizeOf(network.input);
      const forecasts: Forecast[] = [];
      // Looked at here too: a rectifier of the runtime makes a zero of what is no number.
      const faulty = inputs.findIndex((value) => !Number.isFinite(value));
      if (faulty >= 0) requireFinite(inputs[faulty]!, Math.floor(faulty / width));
      for (let first = 0; first < count; first += batchMax) {
        const batch = await session.run(inputs.subarray(first * width, (first + batchMax) * width));
        for (const value of batch) {
          requireFinite(value, forecasts.length);
          forecasts.push(forecastAround(labelMean + value * labelScale, calibration));
        }
      }
      return forecasts;
    },
    release: () => session.release(),
  };
}

/**
 * What an artifact says of its network.
 * @throws Failure ARTIFACT_UNREADABLE when it is missing or no JSON; MODEL_KIND_UNSUPPORTED when it holds an agent
 */
export function readSpec(files: ArtifactFiles): SavedSpec {
  const bytes = fileOf(files, artifactNames.spec);
  let saved: SavedSpec | { readonly learner: 'agent' };
  try {
    saved = JSON.parse(new TextDecoder().decode(bytes)) as typeof saved;
  } catch (cause) {
    throw new Failure('ARTIFACT_UNREADABLE', `${artifactNames.spec} is no JSON`, {}, { cause });
  }
  if (!('learner' in saved)) return saved;
  throw new Failure('MODEL_KIND_UNSUPPORTED', 'the artifact holds an agent, which does not forecast');
}

function fileOf(files: ArtifactFiles, name: string): Uint8Array {
  const bytes = files[name];
  if (bytes) return bytes;
  throw new Failure('ARTIFACT_UNREADABLE', `an artifact without ${name} holds no forecaster`, { missing: name });
}

function requireFinite(value: number, sample: number): void {
  if (Number.isFinite(value)) return;
  throw new Failure('FORECAST_NOT_FINITE', `sample ${sample} or its forecast is not finite`, { sample });
}
