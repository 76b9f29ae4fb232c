import { MockActivityEnvironment } from '@temporalio/testing';
import type { MarketDataActivities } from '#activities/marketDataActivities.ts';
import type { TrainingActivities } from '#activities/trainingActivities.ts';
import type { ValidationActivities, WindowResult } from '#activities/validationActivities.ts';
import type { LifecycleWay } from './lifecycleWork.ts';

/** As many windows at once as the workflow has in flight. */
const windowsInFlight = 4;

/**
 * The activities' own code on the same servers, called one after the other as functions: no workflow, no queue, no
 * retry, nothing remembered between the calls.
 */
export function plainLifecycle(world: {
  readonly marketData: MarketDataActivities;
  readonly training: TrainingActivities;
  readonly validation: ValidationActivities;
}): LifecycleWay {
  const { marketData, training, validation } = world;
  return {
    async ingest(request) {
      const fetched = await called(() => marketData.fetchBars(request));
      const checked = await called(() => marketData.checkBars(fetched));
      return called(() => marketData.publishSnapshot(checked));
    },

    async train(request) {
      const identity = await called(() => training.identifyTraining(request));
      const open = await called(() => training.openTrainingRun(request, identity));
      const artifact = await called(() => training.trainForecaster(open));
      const baselines = await called(() => training.compareBaselines(open, artifact));
      const candidate = await called(() => training.registerCandidate(open, artifact));
      const { samplesPerSecond, epochs } = artifact;
      return { ...candidate, samplesPerSecond, epochs, features: identity.features, baselines };
    },

    async validate(request) {
      const { planDigest, windows } = await called(() => validation.planWalkForward(request));
      const waiting = [...windows];
      const judged: WindowResult[] = [];
      const judgeNext = async (): Promise<void> => {
        for (let window = waiting.shift(); window !== undefined; window = waiting.shift())
          judged.push(await called(() => validation.judgeWindow(request, window)));
      };
      await Promise.all(Array.from({ length: windowsInFlight }, judgeNext));
      const { resultKey: holdoutKey } = await called(() => validation.scoreCandidate(request));
      const inOrder = judged.sort((a, b) => a.index - b.index);
      return called(() => validation.reportValidation(request, { planDigest, windows: inOrder, holdoutKey }));
    },
  };
}

/** Runs a body where an activity finds the context it beats into; nothing listens. */
function called<T>(body: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment().run(body);
}
