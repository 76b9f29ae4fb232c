import { canonicalJson } from '#domain/canonicalJson.ts';
import { Failure } from '#domain/failure.ts';
import type { ArtifactFiles } from '#domain/artifact.ts';
import type { Floats } from './graph/graphSession.ts';
import { trainingPlan } from './networks.ts';
import { decodeTensors, encodeTensors } from './tensorFile.ts';
import { predictStandardised, type TrainedNetwork } from './training.ts';
import type { TrainingSpec } from './trainingSpec.ts';

/** A forecast of one sample's return, fractions. */
export interface Forecast {
  readonly mean: number;
  /** Of the return around the mean, as the validation part showed it. */
  readonly standardDeviation: number;
}

/** Something that forecasts. */
export interface Forecaster {
  /**
   * @param inputs shape [count, window, features], scaled as in training
   * @returns one forecast a sample
   * @throws Failure MODEL_SHAPE_MISMATCH when inputs end within a sample; FORECAST_NOT_FINITE when one is no number
   */
  predict(inputs: Float32Array): Promise<readonly Forecast[]>;
}

const spec = 'spec.json';
const weights = 'weights.bin';

interface SavedSpec {
  readonly training: TrainingSpec;
  readonly features: number;
  readonly labelMean: number;
  readonly labelScale: number;
  readonly residualStandardDeviation: number;
}

/** A trained network as an artifact's files. */
export function forecasterFiles(network: TrainedNetwork, training: TrainingSpec, features: number): ArtifactFiles {
  const { labelMean, labelScale, residualStandardDeviation } = network;
  const saved: SavedSpec = { training, features, labelMean, labelScale, residualStandardDeviation };
  return {
    [spec]: new TextEncoder().encode(canonicalJson(saved)),
    [weights]: encodeTensors(network.parameters),
  };
}

/**
 * The forecaster in an artifact's files; verify the artifact first.
 * @throws Failure ARTIFACT_UNREADABLE when a file is missing or damaged
 */
export function loadForecaster(files: ArtifactFiles): Forecaster {
  const [specBytes, weightBytes] = [files[spec], files[weights]];
  if (!specBytes || !weightBytes) {
    throw new Failure('ARTIFACT_UNREADABLE', `an artifact without ${specBytes ? weights : spec} holds no forecaster`);
  }
  return networkForecaster(readSpec(specBytes), decodeTensors(weightBytes).tensors);
}

function readSpec(bytes: Uint8Array): SavedSpec {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as SavedSpec;
  } catch (cause) {
    throw new Failure('ARTIFACT_UNREADABLE', `${spec} is no JSON`, {}, { cause });
  }
}

function networkForecaster(saved: SavedSpec, parameters: Floats): Forecaster {
  const { training, features, labelMean, labelScale, residualStandardDeviation } = saved;
  const plan = trainingPlan(training, features);
  return {
    async predict(inputs) {
      const standardised = await predictStandardised(plan, parameters, inputs);
      const sample = standardised.findIndex((value) => !Number.isFinite(value));
      if (sample >= 0) {
        throw new Failure('FORECAST_NOT_FINITE', `the forecast of sample ${sample} is not finite`, { sample });
      }
      return Array.from(standardised, (value) => ({
        mean: labelMean + value * labelScale,
        standardDeviation: residualStandardDeviation,
      }));
    },
  };
}
