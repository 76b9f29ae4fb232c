import { naiveForecaster, ridgeForecaster } from '#models/baselines.ts';
import type { Forecast } from '#models/confidence.ts';
import { forwardEnsembles } from '#models/forwardEnsembles.ts';
import { boostedForecaster } from '#models/gradientBoosting.ts';
import { mean } from '#pipelines/metrics.ts';
import { rankCorrelation } from '#pipelines/rankCorrelation.ts';
import { metricName } from './metricName.ts';
import { predictWith, readArtifact } from './modelJobs.ts';
import { trainingPart } from './trainForecaster.ts';
import type { BaselineFigures, OpenTraining, TrainedArtifact, TrainingWorld } from './trainingActivities.ts';

/**
 * The network, what it must beat, and ensembles of the network, ridge and gradient boosting, on the validation part: the
 * same samples, the same labels. The figures go to the training's run.
 */
export async function compareForecasters(
  world: TrainingWorld,
  training: OpenTraining,
  artifact: TrainedArtifact,
): Promise<BaselineFigures> {
  const { data, validationSessions: sessions, labelReachSessions: reachSessions } = await trainingPart(world, training);
  const { inputs, labels } = data.validation;
  const shape = { windowSessions: training.request.training.windowSessions, features: data.features };
  const files = await readArtifact(world.objects, artifact.artifactDigest);
  const meansOf = (forecasts: readonly Forecast[]): Float64Array => Float64Array.from(forecasts, (one) => one.mean);
  const members = {
    network: meansOf(await predictWith(world.processes, files, inputs)),
    ridge: meansOf(await ridgeForecaster(data.training, shape).predict(inputs)),
    'gradient boosting': meansOf(await (await boostedForecaster(data.training, shape)).predict(inputs)),
  };
  const outcomes = Float64Array.from(labels);
  const together = forwardEnsembles({ forecasts: Object.values(members), outcomes, sessions, reachSessions });
  const forecasts: Readonly<Record<string, Float64Array>> = {
    ...members,
    naive: meansOf(await naiveForecaster(data.training, shape).predict(inputs)),
    ...Object.fromEntries(Object.entries(together).map(([way, means]) => [`ensemble by ${way}`, means])),
  };
  const figures = Object.fromEntries(
    Object.entries(forecasts).map(([name, given]) => {
      const means = Array.from(given);
      const meanSquaredError = mean(means.map((value, row) => (value - labels[row]!) ** 2));
      return [name, { meanSquaredError, rankCorrelation: rankCorrelation(means, Array.from(labels)) }];
    }),
  );
  const timestampMs = Date.now();
  const points = Object.entries(figures).flatMap(([name, { meanSquaredError, rankCorrelation: correlation }]) => [
    { name: `validation.${metricName(name)}.meanSquaredError`, value: meanSquaredError, step: 0, timestampMs },
    { name: `validation.${metricName(name)}.rankCorrelation`, value: correlation ?? Number.NaN, step: 0, timestampMs },
  ]);
  await world.registry.logMetrics(training.mlflowRunId, points);
  return figures;
}
