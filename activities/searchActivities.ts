import { isFailure } from '#domain/failure.ts';
import type { Digest } from '#domain/digest.ts';
import { ranked } from '#domain/successiveHalving.ts';
import type { SearchPlan, SearchPoint } from '#domain/searchSpace.ts';
import { digestOf } from '#domain/sha256.ts';
import { seededRandom } from '#domain/random.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import { proposeTrial, type FinishedTrial } from '#pipelines/search/proposeTrials.ts';
import { beating } from './beating.ts';
import { provideFeatures } from './modelData.ts';
import { withScratch } from './modelJobs.ts';
import { trainNetwork } from './trainForecaster.ts';
import { trainingIdentity } from './trainingIdentity.ts';
import type { FeatureReference, TrainingActivities, TrainingRequest, TrainingWorld } from './trainingActivities.ts';

/** What to search: a training whose named settings are replaced, and how the search is led. */
export interface SearchRequest {
  readonly base: Omit<TrainingRequest, 'search'>;
  readonly plan: SearchPlan;
}

/** A search as it runs. */
export interface OpenSearch {
  readonly request: SearchRequest;
  readonly searchDigest: Digest;
  /** Every trial's. */
  readonly features: FeatureReference;
  readonly mlflowRunId: string;
}

/** A point with its number, from 0. */
export interface Trial {
  readonly trial: number;
  readonly point: SearchPoint;
}

/** A trial as far as it was trained. */
export interface TrialOutcome extends FinishedTrial {
  /** Epochs that were trained; fewer than asked for when the loss stopped falling. */
  readonly epochs: number;
  readonly mlflowRunId: string;
  /** Code of the failure that ended it; absent when it did not fail. */
  readonly failure?: string;
}

/** Activities of a search. Every one answers the same when it is repeated. */
export interface SearchActivities {
  /** Computes the features once and opens the MLflow run that every trial's run lies under. */
  openSearch(request: SearchRequest): Promise<OpenSearch>;
  /** Points of the trials with these numbers, learning from the trials that are over. */
  proposeTrials(
    search: OpenSearch,
    asked: { readonly numbers: readonly number[]; readonly finished: readonly FinishedTrial[] },
  ): Promise<readonly Trial[]>;
  /** Trains a trial until the end of an epoch, from its last checkpoint on. */
  runTrial(search: OpenSearch, trial: Trial, untilEpoch: number): Promise<TrialOutcome>;
  /** Writes the trials down and ends the runs of those that nobody trains on. */
  closeSearch(search: OpenSearch, outcomes: readonly TrialOutcome[]): Promise<void>;
}

// Purposes 0 and up are the trials'.
const codeVersion = 1;

/** The training a trial stands for. */
export function trialRequest({ request, searchDigest, mlflowRunId }: OpenSearch, { point }: Trial): TrainingRequest {
  const training = { ...request.base.training, ...point } as TrainingSpec;
  return { ...request.base, training, search: { searchDigest, mlflowRunId, trials: request.plan.trials } };
}

/** The search activities over a world; a trial is a training, with its identity, run and checkpoints. */
export function createSearchActivities(
  world: TrainingWorld,
  training: Pick<TrainingActivities, 'openTrainingRun'>,
): SearchActivities {
  const { registry } = world;
  return {
    openSearch: (request) =>
      beating(async () => {
        const { base, plan } = request;
        const { reference } = await provideFeatures(world, base.snapshotDigest, base.features);
        const { author, features: _, ...decides } = base;
        const searchDigest = digestOf({ codeVersion, ...decides, features: reference.digest, plan });
        const mlflowRunId = await registry.ensureRun({
          experiment: base.model,
          name: `search ${base.model} ${searchDigest.slice(0, 8)}`,
          idempotencyKey: searchDigest,
          tags: { 'plimsoll.search': searchDigest, 'plimsoll.author': author },
          params: paramsOf(request),
        });
        return { request, searchDigest, features: reference, mlflowRunId };
      }),

    proposeTrials({ request }, { numbers, finished }) {
      const { plan } = request;
      return Promise.resolve(
        numbers.map((trial) => ({ trial, point: proposeTrial(plan, finished, seededRandom(plan.seed, trial)) })),
      );
    },

    async runTrial(search, trial, untilEpoch) {
      const request = trialRequest(search, trial);
      const open = await training.openTrainingRun(request, trainingIdentity(request, search.features));
      const { mlflowRunId } = open;
      const begun = { ...trial, mlflowRunId };
      try {
        const { curve, bestEpoch } = await beating((tell) =>
          withScratch(async (folder) => (await trainNetwork(world, open, { folder, tell, untilEpoch })).summary),
        );
        return { ...begun, epochs: curve.length, loss: curve[bestEpoch - 1]?.validationLoss ?? null };
      } catch (error) {
        // A specification that cannot be trained is an answer, not an accident.
        if (!isFailure(error) || error.code !== 'TRAINING_DIVERGED') throw error;
        return { ...begun, epochs: 0, loss: null, failure: error.code };
      }
    },

    async closeSearch({ mlflowRunId }, outcomes) {
      const timestampMs = Date.now();
      const points = outcomes.flatMap(({ trial, loss }, index) => {
        const best = ranked(outcomes.slice(0, index + 1))[0]?.loss;
        return [
          { name: 'trial.validationLoss', value: loss ?? Number.NaN, step: trial, timestampMs },
          { name: 'best.validationLoss', value: best ?? Number.NaN, step: trial, timestampMs },
        ];
      });
      await registry.logMetrics(mlflowRunId, points);
      const bytes = new TextEncoder().encode(JSON.stringify(outcomes, undefined, 1));
      await registry.logArtifact(mlflowRunId, 'search/trials.json', { bytes, type: 'application/json' });
      const winner = ranked(outcomes)[0]?.trial;
      for (const { trial, mlflowRunId: runId, failure } of outcomes) {
        if (trial !== winner) await registry.finishRun(runId, failure === undefined ? 'KILLED' : 'FAILED');
      }
      await registry.finishRun(mlflowRunId, winner === undefined ? 'FAILED' : 'FINISHED');
    },
  };
}

function paramsOf({ base, plan }: SearchRequest): Readonly<Record<string, string>> {
  const { space, halving, ...rest } = plan;
  const named = (prefix: string, values: object): [string, string][] =>
    Object.entries(values).map(([name, value]) => [
      `${prefix}.${name}`,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
  return Object.fromEntries([
    ...named('base', base.training),
    ...named('space', space),
    ...named('search', { ...rest, ...halving }),
  ]);
}
