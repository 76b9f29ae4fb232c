import { Failure } from '#domain/failure.ts';
import {
  initialParameters,
  loadNetwork,
  networkShape,
  optimiserZeros,
  parameterShapes,
  type NetworkShape,
} from './cnnLstm.ts';
import type { Floats, GraphSession } from './graph/graphSession.ts';
import { seededRandom, shuffled } from './random.ts';
import { requireLabels, sampleCount } from './samples.ts';
import type { TrainingSpec } from './trainingSpec.ts';

/** Samples as flat arrays. */
export interface SampleSet {
  /** Shape [count, window, features], scaled. */
  readonly inputs: Float32Array;
  /** Shape [count], returns as fractions. */
  readonly labels: Float32Array;
}

/** What a training sees. The validation part comes after the training part in time and only chooses the epoch. */
export interface TrainingData {
  readonly features: number;
  readonly training: SampleSet;
  readonly validation: SampleSet;
}

/** One finished epoch. Losses are mean squared errors of standardised labels. */
export interface EpochReport {
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly samplesPerSecond: number;
}

/** Everything a training needs to go on where it stopped. */
export interface TrainingState {
  /** Epochs done. */
  readonly epoch: number;
  readonly bestEpoch: number;
  readonly bestLoss: number;
  readonly curve: readonly EpochReport[];
  /** Every variable, the optimiser's included. */
  readonly variables: Floats;
  readonly best: Floats;
}

/** What training made: parameters, and how labels are to be read back. */
export interface TrainedNetwork {
  readonly parameters: Floats;
  readonly labelMean: number;
  readonly labelScale: number;
  /** Standard deviation of what the network leaves unexplained on the validation part, in returns. */
  readonly residualStandardDeviation: number;
  readonly curve: readonly EpochReport[];
  readonly bestEpoch: number;
}

/** How a training runs. */
export interface TrainingRun {
  readonly spec: TrainingSpec;
  readonly data: TrainingData;
  readonly resumeFrom?: TrainingState;
  /** Ends it after this epoch, to be resumed by another run or never; absent: the spec alone decides. */
  readonly untilEpoch?: number | undefined;
  /** Called after every epoch, before the next one begins. */
  readonly onEpoch?: (report: EpochReport, state: TrainingState) => Promise<void>;
  /** Called before every batch, in the middle of the work. */
  readonly onBatch?: () => void;
  /** Milliseconds of a steady clock, for the rate. */
  readonly clockMs: () => number;
}

/**
 * Trains a CNN+LSTM forecaster until its epochs are done or the validation loss stops falling. The same spec and data
 * give the same parameters, bit for bit, whether or not the run was interrupted and resumed.
 * @throws Failure TRAINING_DIVERGED when a loss is not finite; TRAINING_DATA_EMPTY without samples in either part;
 *   MODEL_SHAPE_MISMATCH when samples or the state to resume from do not fit the spec
 */
export async function train({
  spec,
  data,
  resumeFrom,
  untilEpoch = spec.epochs,
  onEpoch,
  onBatch,
  clockMs,
}: TrainingRun): Promise<TrainedNetwork> {
  const { training, validation } = data;
  const shape = networkShape(spec, data.features);
  requireSamples(data, shape);
  const session = await loadNetwork(shape);
  const labels = standardiser(training.labels);
  const trainingSet = standardised(training, labels);
  const validationSet = standardised(validation, labels);
  let state = resumeFrom ?? freshState(shape, spec.seed);

  while (state.epoch < Math.min(spec.epochs, untilEpoch) && state.epoch - state.bestEpoch < spec.patienceEpochs) {
    const epoch = state.epoch + 1;
    const startedMs = clockMs();
    // Sessions are shared by shape: whatever ran while the last epoch was reported may have left other values in it.
    session.run('assign', state.variables);
    const trainingLoss = runEpoch(session, { shape, spec, set: trainingSet, epoch, onBatch });
    const samplesPerSecond = (training.labels.length / (clockMs() - startedMs)) * 1_000;
    const validationLoss = meanLoss(session, shape, validationSet);
    const report = { epoch, trainingLoss, validationLoss, samplesPerSecond };
    if (![trainingLoss, validationLoss].every(Number.isFinite)) {
      throw new Failure(
        'TRAINING_DIVERGED',
        `the loss of epoch ${epoch} is not finite: lower the learning rate`,
        report,
      );
    }
    const variables = session.run('read');
    const isBest = validationLoss < state.bestLoss;
    state = {
      epoch,
      curve: [...state.curve, report],
      variables,
      ...(isBest
        ? { bestEpoch: epoch, bestLoss: validationLoss, best: parametersOf(shape, variables) }
        : { bestEpoch: state.bestEpoch, bestLoss: state.bestLoss, best: state.best }),
    };
    await onEpoch?.(report, state);
  }
  const residualStandardDeviation = Math.sqrt(state.bestLoss) * labels.scale;
  const { best, curve, bestEpoch } = state;
  return {
    parameters: best,
    labelMean: labels.mean,
    labelScale: labels.scale,
    residualStandardDeviation,
    curve,
    bestEpoch,
  };
}

/**
 * Predictions of a network for scaled inputs.
 * @param inputs shape [count, window, features]
 * @returns shape [count], standardised as the labels were
 */
export async function predictStandardised(
  shape: NetworkShape,
  parameters: Floats,
  inputs: Float32Array,
): Promise<Float32Array> {
  const session = await loadNetwork(shape);
  session.run('assign', { ...optimiserZeros(shape), ...parameters });
  const width = shape.windowSessions * shape.features;
  const count = sampleCount(inputs, shape);
  const predictions = new Float32Array(count);
  for (let first = 0; first < count; first += shape.batchSize) {
    const x = new Float32Array(shape.batchSize * width);
    x.set(inputs.subarray(first * width, (first + shape.batchSize) * width));
    const { prediction } = session.run('predict', { x });
    predictions.set(prediction!.subarray(0, Math.min(shape.batchSize, count - first)), first);
  }
  return predictions;
}

function requireSamples({ training, validation }: TrainingData, shape: NetworkShape): void {
  for (const set of [training, validation]) requireLabels(set, shape);
  if (training.labels.length > 0 && validation.labels.length > 0) return;
  throw new Failure('TRAINING_DATA_EMPTY', 'there are no samples to train or to validate on', {
    training: training.labels.length,
    validation: validation.labels.length,
  });
}

function freshState(shape: NetworkShape, seed: number): TrainingState {
  const parameters = initialParameters(shape, seed);
  const variables = { ...optimiserZeros(shape), ...parameters };
  return { epoch: 0, bestEpoch: 0, bestLoss: Number.POSITIVE_INFINITY, curve: [], variables, best: parameters };
}

function parametersOf(shape: NetworkShape, variables: Floats): Floats {
  return Object.fromEntries(Object.keys(parameterShapes(shape)).map((name) => [name, variables[name]!]));
}

interface EpochRun {
  readonly shape: NetworkShape;
  readonly spec: TrainingSpec;
  readonly set: SampleSet;
  readonly epoch: number;
  readonly onBatch: (() => void) | undefined;
}

/** One pass in an order that the seed and the epoch alone decide; answers the mean of the batches' losses. */
function runEpoch(session: GraphSession, { shape, spec, set, epoch, onBatch }: EpochRun): number {
  const order = shuffled(set.labels.length, seededRandom(spec.seed, epoch));
  const learningRate = Float32Array.of(spec.learningRate);
  let total = 0;
  for (let first = 0; first < order.length; first += shape.batchSize) {
    onBatch?.();
    const rows = order.subarray(first, first + shape.batchSize);
    const batch = batchOf(shape, set, { rows, weight: 1 / rows.length });
    total += session.run('train', { ...batch, learningRate }).loss![0]! * rows.length;
  }
  return total / order.length;
}

function meanLoss(session: GraphSession, shape: NetworkShape, set: SampleSet): number {
  const count = set.labels.length;
  let total = 0;
  for (let first = 0; first < count; first += shape.batchSize) {
    const rows = Int32Array.from({ length: Math.min(shape.batchSize, count - first) }, (_, row) => first + row);
    total += session.run('loss', batchOf(shape, set, { rows, weight: 1 / count })).loss![0]!;
  }
  return total;
}

/** Rows of a set as one batch of the graph's fixed size; rows that pad it weigh nothing. */
function batchOf(
  { batchSize, windowSessions, features }: NetworkShape,
  { inputs, labels }: SampleSet,
  { rows, weight }: { readonly rows: Int32Array; readonly weight: number },
): Floats {
  const width = windowSessions * features;
  const x = new Float32Array(batchSize * width);
  const y = new Float32Array(batchSize);
  const weights = new Float32Array(batchSize).fill(weight, 0, rows.length);
  for (const [place, row] of rows.entries()) {
    x.set(inputs.subarray(row * width, (row + 1) * width), place * width);
    y[place] = labels[row]!;
  }
  return { x, y, weight: weights };
}

interface Standardiser {
  readonly mean: number;
  readonly scale: number;
}

/** Mean and standard deviation of the training labels; a scale of 1 where they never move. */
function standardiser(labels: Float32Array): Standardiser {
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const variance = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0) / labels.length;
  return { mean, scale: variance > 0 ? Math.sqrt(variance) : 1 };
}

function standardised({ inputs, labels }: SampleSet, { mean, scale }: Standardiser): SampleSet {
  return { inputs, labels: labels.map((label) => (label - mean) / scale) };
}
