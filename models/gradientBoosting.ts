import { setImmediate } from 'node:timers/promises';
import { calibrate, forecastAround } from './confidence.ts';
import type { Forecaster } from './forecaster.ts';
import { requireLabels, sampleCount, type SampleShape } from './samples.ts';
import type { SampleSet } from './training.ts';

/** How trees are grown. */
export interface BoostingSettings {
  readonly trees: number;
  /** Splits from root to leaf, at most. */
  readonly depth: number;
  /** How much of each tree counts, in (0, 1]. */
  readonly learningRate: number;
  /** Samples of a leaf, at least. */
  readonly leafSamplesMin: number;
  /** Bins of equal counts that a feature's values are sorted into, 2 to 256. */
  readonly bins: number;
}

/** Small trees that learn slowly: returns are nearly noise, and large ones learn it by heart. */
export const usualBoostingSettings: BoostingSettings = {
  trees: 100,
  depth: 3,
  learningRate: 0.05,
  leafSamplesMin: 20,
  bins: 32,
};

/** A leaf's value, or a question that leads to one of two trees. */
type Tree =
  | { readonly kind: 'leaf'; readonly value: number }
  | {
      readonly kind: 'split';
      readonly feature: number;
      /** Values up to this go left. */
      readonly threshold: number;
      readonly left: Tree;
      readonly right: Tree;
    };

/**
 * Gradient boosting of regression trees on squared errors (Friedman 2001), split by histograms of binned values (as in
 * LightGBM, Ke et al. 2017), on the window's last session.
 * @throws Failure MODEL_SHAPE_MISMATCH when there is not one label a sample; RangeError without samples,
 *   or for a number of bins that is none
 */
export async function boostedForecaster(
  { inputs, labels }: SampleSet,
  shape: SampleShape,
  settings: BoostingSettings = usualBoostingSettings,
): Promise<Forecaster> {
  requireLabels({ inputs, labels }, shape);
  const rows = lastRows(inputs, shape);
  if (rows.length === 0) throw new RangeError('there are no samples to grow trees on');
  if (!(settings.bins >= 2 && settings.bins <= 256)) throw new RangeError(`not 2 to 256 bins: ${settings.bins}`);
  const base = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const residuals = Float64Array.from(labels, (label) => label - base);
  const table = binned(rows, shape.features, settings.bins);
  const everyone = Int32Array.from(rows, (_, row) => row);
  const trees: Tree[] = [];
  while (trees.length < settings.trees) {
    // Whoever waits, as the heartbeats of an activity, comes in between two trees.
    await setImmediate();
    const tree = grow({ table, residuals, settings }, everyone, settings.depth);
    for (const [at, row] of rows.entries()) residuals[at]! -= settings.learningRate * valueOf(tree, row);
    trees.push(tree);
  }
  const predict = (row: Float32Array): number =>
    trees.reduce((sum, tree) => sum + settings.learningRate * valueOf(tree, row), base);
  const calibration = calibrate(Float32Array.from(residuals));
  // Async, so that what is refused rejects, as a network's own forecasts do.
  return { predict: async (given) => lastRows(given, shape).map((row) => forecastAround(predict(row), calibration)) };
}

/** Values by feature as the number of their bin, and the greatest value of each bin. */
interface BinnedTable {
  /** Shape [features][samples]. */
  readonly bins: readonly Uint8Array[];
  /** Shape [features][bins], rising. */
  readonly edges: readonly Float32Array[];
}

function binned(rows: readonly Float32Array[], features: number, binsMax: number): BinnedTable {
  const edges = Array.from({ length: features }, (_, feature) => {
    const sorted = Float32Array.from(rows, (row) => row[feature]!).sort();
    const last = Array.from(
      { length: binsMax },
      (__, bin) => sorted[Math.ceil(((bin + 1) * sorted.length) / binsMax) - 1]!,
    );
    return Float32Array.from(new Set(last));
  });
  const bins = edges.map((own, feature) =>
    Uint8Array.from(rows, (row) => own.findIndex((edge) => row[feature]! <= edge)),
  );
  return { bins, edges };
}

interface Growth {
  readonly table: BinnedTable;
  readonly residuals: Float64Array;
  readonly settings: BoostingSettings;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
}

function grow(growth: Growth, members: Int32Array, depth: number): Tree {
  const { table, residuals } = growth;
  const value = members.reduce((sum, member) => sum + residuals[member]!, 0) / members.length;
  const split = depth > 0 ? bestSplit(growth, members) : undefined;
  if (!split) return { kind: 'leaf', value };
  const { feature, bin } = split;
  const bins = table.bins[feature]!;
  return {
    kind: 'split',
    feature,
    threshold: table.edges[feature]![bin]!,
    left: grow(
      growth,
      members.filter((member) => bins[member]! <= bin),
      depth - 1,
    ),
    right: grow(
      growth,
      members.filter((member) => bins[member]! > bin),
      depth - 1,
    ),
  };
}

/** The split that takes most off the squared error; the first of equals; none where none takes anything. */
function bestSplit({ table, residuals, settings }: Growth, members: Int32Array): Split | undefined {
  const total = members.reduce((sum, member) => sum + residuals[member]!, 0);
  let best: Split | undefined;
  for (const [feature, bins] of table.bins.entries()) {
    const width = table.edges[feature]!.length;
    const [sums, counts] = [new Float64Array(width), new Int32Array(width)];
    for (const member of members) {
      sums[bins[member]!]! += residuals[member]!;
      counts[bins[member]!]! += 1;
    }
    let [sum, count] = [0, 0];
    for (let bin = 0; bin < width - 1; bin += 1) {
      sum += sums[bin]!;
      count += counts[bin]!;
      const others = members.length - count;
      if (Math.min(count, others) < settings.leafSamplesMin) continue;
      const gain = sum ** 2 / count + (total - sum) ** 2 / others - total ** 2 / members.length;
      if (gain > (best?.gain ?? 1e-12)) best = { gain, feature, bin };
    }
  }
  return best;
}

function valueOf(tree: Tree, row: Float32Array): number {
  let at = tree;
  while (at.kind === 'split') at = row[at.feature]! <= at.threshold ? at.left : at.right;
  return at.value;
}

/** The last session's features of each window. */
function lastRows(inputs: Float32Array, shape: SampleShape): readonly Float32Array[] {
  const { features, windowSessions } = shape;
  const width = windowSessions * features;
  return Array.from({ length: sampleCount(inputs, shape) }, (_, sample) =>
    inputs.subarray((sample + 1) * width - features, (sample + 1) * width),
  );
}
