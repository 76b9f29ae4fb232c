import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { TrainingActivities, TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { identifyTraining } = proxyActivities<TrainingActivities>(policies.validation);
const { trainForecaster, compareBaselines } = proxyActivities<TrainingActivities>(policies.training);
const { openTrainingRun, registerCandidate } = proxyActivities<TrainingActivities>(policies.bookkeeping);

/**
 * Carries a snapshot to a candidate version in the registry.
 * The same request gives the same run, artifact and version, however often it is started or interrupted.
 */
export async function trainModel(request: TrainingRequest): Promise<TrainingOutcome> {
  mark({ model: request.model, stage: 'features' });
  const identity = await identifyTraining.executeWithOptions({ summary: 'compute features' }, [request]);

  mark({ stage: 'train' });
  const training = await openTrainingRun.executeWithOptions({ summary: 'open the MLflow run' }, [request, identity]);
  setCurrentDetails(`Training **${request.model}**, MLflow run \`${training.mlflowRunId}\``);
  const artifact = await trainForecaster.executeWithOptions(
    { summary: `train ${request.training.kind}, at most ${request.training.epochs} epochs` },
    [training],
  );

  mark({ stage: 'baselines' });
  const baselines = await compareBaselines.executeWithOptions({ summary: 'compare with naive and ridge' }, [
    training,
    artifact,
  ]);

  mark({ stage: 'register' });
  const candidate = await registerCandidate.executeWithOptions(
    { summary: `register ${artifact.artifactDigest.slice(0, 12)}` },
    [training, artifact],
  );

  mark({ stage: 'done', verdict: 'registered' });
  setCurrentDetails(
    `Candidate **${candidate.model} ${candidate.modelVersion}**, artifact \`${candidate.artifactDigest}\`, ` +
      `${artifact.epochs} epochs, ${Math.round(artifact.samplesPerSecond)} samples a second`,
  );
  const { samplesPerSecond, epochs } = artifact;
  return { ...candidate, samplesPerSecond, epochs, features: identity.features, baselines };
}
