import type { Digest } from '#domain/digest.ts';
import type { ForecasterPlan } from '#infra/configuration/trainingPlan.ts';
import { tableText, type Answer } from '../answer.ts';
import type { Trainings } from '../desk/trainingDesk.ts';
import { figuresOverSeeds, forecasterLayout, seedTable } from './seedTable.ts';
import { trainingRequest } from './trainingRequest.ts';

/** Data, who asks, and where progress is told. */
export interface AskedTrainings {
  readonly snapshotDigest: Digest;
  readonly author: string;
  readonly note: (text: string) => void;
}

/** Trains a forecaster a seed, and holds them beside the baselines. */
export async function trainForecasters(
  trainings: Trainings,
  plan: ForecasterPlan,
  { snapshotDigest, author, note }: AskedTrainings,
): Promise<Answer> {
  const candidates = await Promise.all(
    plan.seeds.map(async (seed) => {
      const request = trainingRequest(plan, { snapshotDigest, author, seed });
      const outcome = await trainings.train(request, (text) => note(`seed ${seed}: ${text}`));
      return { seed, ...outcome };
    }),
  );
  const figures = figuresOverSeeds(
    candidates.map(({ baselines }) => baselines),
    ['meanSquaredError', 'rankCorrelation'],
  );
  const rows = candidates.map(({ seed, modelVersion, epochs, samplesPerSecond, mlflowRunId, artifactDigest }) => [
    String(seed),
    modelVersion,
    String(epochs),
    String(Math.round(samplesPerSecond)),
    mlflowRunId,
    artifactDigest,
  ]);
  const headings = ['seed', 'version', 'epochs', 'samples/s', 'MLflow run', 'artifact'];
  const scored = `on the validation part, mean ± deviation over ${plan.seeds.length} seeds`;
  return {
    value: { model: plan.model, snapshotDigest, candidates, figures },
    text: `${tableText(headings, rows)}\n\n${scored}\n${seedTable(figures, forecasterLayout)}`,
  };
}
