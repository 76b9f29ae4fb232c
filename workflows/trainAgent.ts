import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { AgentActivities, AgentTrainingOutcome, AgentTrainingRequest } from '#activities/agentActivities.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { identifyAgent } = proxyActivities<AgentActivities>(policies.validation);
const { trainAgent: train } = proxyActivities<AgentActivities>(policies.training);
const { openAgentRun, registerAgent } = proxyActivities<AgentActivities>(policies.bookkeeping);

/**
 * Carries a snapshot to an agent in the registry, scored beside what it must beat.
 * The same request gives the same run, artifact and version, however often it is started or interrupted.
 */
export async function trainAgent(request: AgentTrainingRequest): Promise<AgentTrainingOutcome> {
  const { model, agent } = request;
  mark({ model, stage: 'features' });
  const identity = await identifyAgent.executeWithOptions({ summary: 'compute features' }, [request]);

  mark({ stage: 'train' });
  const training = await openAgentRun.executeWithOptions({ summary: 'open the MLflow run' }, [request, identity]);
  setCurrentDetails(`Training **${model}** by ${agent.kind}, MLflow run \`${training.mlflowRunId}\``);
  const artifact = await train.executeWithOptions({ summary: `train ${agent.kind}, ${agent.steps} steps` }, [training]);

  mark({ stage: 'register' });
  const candidate = await registerAgent.executeWithOptions(
    { summary: `register ${artifact.artifactDigest.slice(0, 12)}` },
    [training, artifact],
  );

  mark({ stage: 'done', verdict: 'registered' });
  const { steps, stepsPerSecond, figures } = artifact;
  setCurrentDetails(
    `Agent **${model} ${candidate.modelVersion}**, artifact \`${candidate.artifactDigest}\`, ` +
      `${steps} steps, ${Math.round(stepsPerSecond)} a second`,
  );
  return { ...candidate, steps, stepsPerSecond, features: identity.features, figures };
}
