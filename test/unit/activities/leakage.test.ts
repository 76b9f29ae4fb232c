import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareTraining } from '#activities/modelData.ts';
import type { DailyBars } from '#domain/bars.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import { computeFeatures, defaultFeatureSpec } from '#pipelines/features.ts';
import type { FeatureTable } from '#pipelines/featureTable.ts';
import { walkForwardFolds, type Fold, type FoldPlan } from '#pipelines/folds.ts';
import { openToOpenLabels } from '#pipelines/labels.ts';
import { buildSamples, type SampleRequest } from '#pipelines/samples.ts';
import { fitScaler, scaleFeatures } from '#pipelines/scaling.ts';
import type { SessionSpan } from '#pipelines/sessionSpan.ts';
import { randomBars, randomBenchmark, randomNumbers, weekdays } from '#test/unit/pipelines/randomBars.ts';

const sessions = weekdays(260);
const market = [randomBars('AAA', sessions, 1), randomBars('BBB', sessions, 2)];
const benchmark = randomBenchmark(sessions, 3);
const foldPlan: FoldPlan = {
  kind: 'rolling',
  trainSessions: 120,
  testSessions: 30,
  stepSessions: 30,
  purgeSessions: 0,
  embargoSessions: 0,
};
const folds = walkForwardFolds(sessions, foldPlan);
const windowSessions = 10;
const spec = { windowSessions, validationFraction: 0.25 } as TrainingSpec;

/** What a way of preparing training makes of bars for a fold: every number a model would be given. */
type Preparing = (bars: readonly DailyBars[], fold: Fold) => readonly ArrayLike<number>[];

/** The same bars up to a session, others after it. */
function otherFuture(bars: DailyBars, after: string, seed: number): DailyBars {
  const next = randomNumbers(seed);
  const factors = bars.sessions.map((session) => (session > after ? 0.5 + next() : 1));
  const scaled = (column: Float64Array): Float64Array => column.map((value, row) => value * factors[row]!);
  const { open, high, low, close, adjustedClose, volume } = bars;
  const prices = { open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) };
  return { ...bars, ...prices, adjustedClose: scaled(adjustedClose), volume: scaled(volume) };
}

/** Whether training for a fold changes with what happens from the fold's test on: then it knew. */
function knowsTheTest(prepare: Preparing, fold: Fold, seed: number): boolean {
  const known = prepare(market, fold);
  const lastKnown = sessions[sessions.indexOf(fold.test.from) - 1]!;
  const otherwise = prepare(
    market.map((bars) => otherFuture(bars, lastKnown, seed)),
    fold,
  );
  return known.some((numbers, index) => Array.from(numbers).join() !== Array.from(otherwise[index]!).join());
}

function tableOf(bars: readonly DailyBars[]): FeatureTable {
  return computeFeatures({ bars, benchmark, spec: defaultFeatureSpec });
}

/** Samples of a fold's training, with the scaler's span and the labels as they are said to be. */
function prepared(
  bars: readonly DailyBars[],
  { scalerSpan, ...request }: { readonly scalerSpan: SessionSpan } & Pick<SampleRequest, 'span' | 'labels' | 'reach'>,
): readonly ArrayLike<number>[] {
  const table = tableOf(bars);
  const features = scaleFeatures(fitScaler(table, scalerSpan), table);
  const { inputs, labels } = buildSamples({ ...request, features, windowSessions });
  return [inputs, labels];
}

const anyFold = fc.constantFrom(...folds);

describe('training for a fold knows nothing of its test', () => {
  it('as it is prepared for models: samples, labels and scaler', () =>
    fc.assert(
      fc.property(anyFold, fc.integer(), (fold, seed) => {
        const asModels: Preparing = (bars, { train }) => {
          const { data, scaler } = prepareTraining({ features: tableOf(bars), bars }, train, spec);
          const { training, validation } = data;
          return [
            training.inputs,
            training.labels,
            validation.inputs,
            validation.labels,
            scaler.centers,
            scaler.scales,
          ];
        };
        expect(knowsTheTest(asModels, fold, seed)).toBe(false);
      }),
      { numRuns: 12 },
    ));

  it('with labels that reach over five sessions, purged by their own reach', () =>
    fc.assert(
      fc.property(anyFold, fc.integer(), (fold, seed) => {
        const fiveSessions: Preparing = (bars, { train }) =>
          prepared(bars, { scalerSpan: train, span: train, labels: openToOpenLabels(bars, 5), reach: 'purged' });
        expect(knowsTheTest(fiveSessions, fold, seed)).toBe(false);
      }),
      { numRuns: 12 },
    ));

  it('with samples that are not purged, when the fold itself leaves out as many sessions', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: folds.length - 1 }), fc.integer(), (index, seed) => {
        const reach = openToOpenLabels(market, 5).reachSessions;
        const [cut] = walkForwardFolds(sessions, { ...foldPlan, purgeSessions: reach }).slice(index);
        const fullReach: Preparing = (bars, { train }) =>
          prepared(bars, { scalerSpan: train, span: train, labels: openToOpenLabels(bars, 5), reach: 'full' });
        expect(knowsTheTest(fullReach, cut!, seed)).toBe(false);
      }),
      { numRuns: 12 },
    ));
});

describe('a planted leak is found', () => {
  const everything = { from: sessions[0]!, to: sessions.at(-1)! };
  const leaks: readonly (readonly [string, Preparing])[] = [
    [
      'a scaler fitted on all sessions',
      (bars, { train }) =>
        prepared(bars, { scalerSpan: everything, span: train, labels: openToOpenLabels(bars), reach: 'purged' }),
    ],
    [
      'a scaler fitted one session too far',
      (bars, { train, test }) =>
        prepared(bars, {
          scalerSpan: { ...train, to: test.from },
          span: train,
          labels: openToOpenLabels(bars),
          reach: 'purged',
        }),
    ],
    [
      'labels that reach over the border of the fold',
      (bars, { train }) =>
        prepared(bars, { scalerSpan: train, span: train, labels: openToOpenLabels(bars), reach: 'full' }),
    ],
    [
      'a purge of one session too few',
      (bars, { train }) => {
        const labels = openToOpenLabels(bars, 5);
        const shorter = { ...labels, reachSessions: labels.reachSessions - 1 };
        return prepared(bars, { scalerSpan: train, span: train, labels: shorter, reach: 'purged' });
      },
    ],
    [
      'features made with a look at the next session',
      (bars, { train }) => {
        const table = tableOf(bars);
        const values = table.values.map((_, index) => table.values[index + table.names.length] ?? Number.NaN);
        const features = { ...table, values };
        return [
          buildSamples({ features, labels: openToOpenLabels(bars), windowSessions, span: train, reach: 'full' }).inputs,
        ];
      },
    ],
  ];

  it.each(leaks)('%s', (_, leaking) => {
    for (const fold of folds) expect(knowsTheTest(leaking, fold, 5)).toBe(true);
  });
});
