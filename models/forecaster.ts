import { networkShape } from './cnnLstm.ts';
import type { ArtifactFiles } from './artifact.ts';
import type { Floats } from './graph/graphSession.ts';
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
  /** @param inputs shape [count, window, features], scaled as in training */
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
    [spec]: new TextEncoder().encode(JSON.stringify(saved)),
    [weights]: encodeTensors(network.parameters),
  };
}

/** The forecaster in an artifact's files; verify the artifact first. */
export function loadForecaster(files: ArtifactFiles): Forecaster {
  const saved = JSON.parse(new TextDecoder().decode(files[spec])) as SavedSpec;
  return networkForecaster(saved, decodeTensors(files[weights]!).tensors);
}

function networkForecaster(saved: SavedSpec, parameters: Floats): Forecaster {
  const { training, features, labelMean, labelScale, residualStandardDeviation } = saved;
  const shape = networkShape(training, features);
  return {
    async predict(inputs) {
      const standardised = await predictStandardised(shape, parameters, inputs);
      return Array.from(standardised, (value) => ({
        mean: labelMean + value * labelScale,
        standardDeviation: residualStandardDeviation,
      }));
    },
  };
}
