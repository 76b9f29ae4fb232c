import { Failure } from '#domain/failure.ts';
import { calibrate, type Calibration } from './confidence.ts';
import type { Floats, GraphSession } from './graph/graphSession.ts';
import { sizeOf } from './graph/shape.ts';
import { initialParameters } from './layers/initialParameters.ts';
import { parameterShapes } from './layers/network.ts';
import { trainingPlan } from './networks.ts';
import { seededRandom, shuffled } from '#domain/random.ts';
import { requireLabels, sampleCount, sampleShape } from './samples.ts';
import { proveServing, type ServingReport } from './serving.ts';
import { loadTrainingGraph, optimiserZeros, type TrainingPlan } from './trainingGraph.ts';
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
  /** What the network leaves unexplained on the validation part, in returns. */
  readonly calibration: Calibration;
  /** The network in ONNX, float32, proven to answer as its graph does. */
  readonly model: Uint8Array;
  readonly serving: ServingReport;
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
 * Trains a forecaster until its epochs are done or the validation loss stops falling. The same spec and data
 * give the same parameters, bit for bit, whether or not the run was interrupted and resumed.
 * @throws Failure TRAINING_DIVERGED when a loss is not finite; TRAINING_DATA_EMPTY without samples in either part;
 *   MODEL_SHAPE_MISMATCH when samples or the state to resume from do not fit the spec; ONNX_PARITY_BROKEN when the
 *   network as it would be served answers otherwise than as it was trained
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
  const plan = trainingPlan(spec, data.features);
  requireSamples(data, plan);
  const session = await loadTrainingGraph(plan);
  const labels = standardiser(training.labels);
  const trainingSet = standardised(training, labels);
  const validationSet = standardised(validation, labels);
  let state = resumeFrom ?? freshState(plan);

  while (state.epoch < Math.min(spec.epochs, untilEpoch) && state.epoch - state.bestEpoch < spec.patienceEpochs) {
    const epoch = state.epoch + 1;
    const startedMs = clockMs();
    // Sessions are shared by shape: whatever ran while the last epoch was reported may have left other values in it.
    session.run('assign', state.variables);
    const trainingLoss = runEpoch(session, { plan, spec, set: trainingSet, epoch, onBatch });
    const samplesPerSecond = (training.labels.length / (clockMs() - startedMs)) * 1_000;
    const validationLoss = meanLoss(session, plan, validationSet);
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
        ? { bestEpoch: epoch, bestLoss: validationLoss, best: parametersOf(plan, variables) }
        : { bestEpoch: state.bestEpoch, bestLoss: state.bestLoss, best: state.best }),
    };
    await onEpoch?.(report, state);
  }
  const { best: parameters, curve, bestEpoch } = state;
  const concluded = await conclude(plan, parameters, { set: validationSet, labels });
  return { parameters, labelMean: labels.mean, labelScale: labels.scale, ...concluded, curve, bestEpoch };
}

/** What the validation part tells of a trained network: how sure it is, and that it can be served. */
async function conclude(
  plan: TrainingPlan,
  parameters: Floats,
  { set, labels: { scale } }: { readonly set: SampleSet; readonly labels: Standardiser },
): Promise<Pick<TrainedNetwork, 'calibration' | 'model' | 'serving'>> {
  const predictions = await predictStandardised(plan, parameters, set.inputs);
  const residuals = set.labels.map((label, row) => (label - predictions[row]!) * scale);
  const { model, report } = await proveServing({ network: plan.network, parameters, ...set, predictions });
  return { calibration: calibrate(residuals), model, serving: report };
}

/**
 * Predictions of a network for scaled inputs.
 * @param inputs shape [count, window, features]
 * @returns shape [count], standardised as the labels were
 */
export async function predictStandardised(
  plan: TrainingPlan,
  parameters: Floats,
  inputs: Float32Array,
): Promise<Float32Array> {
  const { network, batchSize } = plan;
  const session = await loadTrainingGraph(plan);
  session.run('assign', { ...optimiserZeros(network), ...parameters });
  const width = sizeOf(network.input);
  const count = sampleCount(inputs, sampleShape(network));
  const predictions = new Float32Array(count);
  for (let first = 0; first < count; first += batchSize) {
    const x = new Float32Array(batchSize * width);
    x.set(inputs.subarray(first * width, (first + batchSize) * width));
    const { prediction } = session.run('predict', { x });
    predictions.set(prediction!.subarray(0, Math.min(batchSize, count - first)), first);
  }
  return predictions;
}

function requireSamples({ training, validation }: TrainingData, { network }: TrainingPlan): void {
  for (const set of [training, validation]) requireLabels(set, sampleShape(network));
  if (training.labels.length > 0 && validation.labels.length > 0) return;
  throw new Failure('TRAINING_DATA_EMPTY', 'there are no samples to train or to validate on', {
    training: training.labels.length,
    validation: validation.labels.length,
  });
}

function freshState({ network, seed }: TrainingPlan): TrainingState {
  const parameters = initialParameters(network, seed);
  const variables = { ...optimiserZeros(network), ...parameters };
  return { epoch: 0, bestEpoch: 0, bestLoss: Number.POSITIVE_INFINITY, curve: [], variables, best: parameters };
}

function parametersOf({ network }: TrainingPlan, variables: Floats): Floats {
  return Object.fromEntries(Object.keys(parameterShapes(network)).map((name) => [name, variables[name]!]));
}

interface EpochRun {
  readonly plan: TrainingPlan;
  readonly spec: TrainingSpec;
  readonly set: SampleSet;
  readonly epoch: number;
  readonly onBatch: (() => void) | undefined;
}

/** One pass in an order that the seed and the epoch alone decide; answers the mean of the batches' losses. */
function runEpoch(session: GraphSession, { plan, spec, set, epoch, onBatch }: EpochRun): number {
  const order = shuffled(set.labels.length, seededRandom(spec.seed, epoch));
  const learningRate = Float32Array.of(spec.learningRate);
  let total = 0;
  for (let first = 0; first < order.length; first += plan.batchSize) {
    onBatch?.();
    const rows = order.subarray(first, first + plan.batchSize);
    const batch = batchOf(plan, set, { rows, weight: 1 / rows.length });
    total += session.run('train', { ...batch, learningRate }).loss![0]! * rows.length;
  }
  return total / order.length;
}

function meanLoss(session: GraphSession, plan: TrainingPlan, set: SampleSet): number {
  const count = set.labels.length;
  let total = 0;
  for (let first = 0; first < count; first += plan.batchSize) {
    const rows = Int32Array.from({ length: Math.min(plan.batchSize, count - first) }, (_, row) => first + row);
    total += session.run('loss', batchOf(plan, set, { rows, weight: 1 / count })).loss![0]!;
  }
  return total;
}

/** Rows of a set as one batch of the graph's fixed size; rows that pad it weigh nothing. */
function batchOf(
  { batchSize, network }: TrainingPlan,
  { inputs, labels }: SampleSet,
  { rows, weight }: { readonly rows: Int32Array; readonly weight: number },
): Floats {
  const width = sizeOf(network.input);
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
