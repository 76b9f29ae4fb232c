import type { MarketDataActivities } from '#activities/marketDataActivities.ts';
import type { TrainingActivities } from '#activities/trainingActivities.ts';
import type { ValidationActivities, WindowResult } from '#activities/validationActivities.ts';
import { asActivity } from '#test/asActivity.ts';
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
      const fetched = await asActivity(() => marketData.fetchBars(request));
      const checked = await asActivity(() => marketData.checkBars(fetched));
      return asActivity(() => marketData.publishSnapshot(checked));
    },

    async train(request) {
      const identity = await asActivity(() => training.identifyTraining(request));
      const open = await asActivity(() => training.openTrainingRun(request, identity));
      const artifact = await asActivity(() => training.trainForecaster(open));
      const baselines = await asActivity(() => training.compareBaselines(open, artifact));
      const candidate = await asActivity(() => training.registerCandidate(open, artifact));
      const { samplesPerSecond, epochs } = artifact;
      return { ...candidate, samplesPerSecond, epochs, features: identity.features, baselines };
    },

    async validate(request) {
      const { planDigest, windows } = await asActivity(() => validation.planWalkForward(request));
      const waiting = [...windows];
      const judged: WindowResult[] = [];
      const judgeNext = async (): Promise<void> => {
        for (let window = waiting.shift(); window !== undefined; window = waiting.shift())
          judged.push(await asActivity(() => validation.judgeWindow(request, window)));
      };
      await Promise.all(Array.from({ length: windowsInFlight }, judgeNext));
      const { resultKey: holdoutKey } = await asActivity(() => validation.scoreCandidate(request));
      const inOrder = judged.sort((a, b) => a.index - b.index);
      return asActivity(() => validation.reportValidation(request, { planDigest, windows: inOrder, holdoutKey }));
    },
  };
}
