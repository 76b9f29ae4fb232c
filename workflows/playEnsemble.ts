import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { AgentActivities, EnsembleOutcome, EnsembleRequest } from '#activities/agentActivities.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { identifyAgent, playTogether } = proxyActivities<AgentActivities>(policies.validation);

/** Scores agents of one training but for their seeds as one, beside each of them. */
export async function playEnsemble(request: EnsembleRequest): Promise<EnsembleOutcome> {
  const { training, artifactDigests } = request;
  mark({ model: training.model, stage: 'ensemble' });
  const identity = await identifyAgent.executeWithOptions({ summary: 'compute features' }, [training]);
  const outcome = await playTogether.executeWithOptions({ summary: `play ${artifactDigests.length} agents as one` }, [
    request,
    identity,
  ]);
  mark({ stage: 'done' });
  setCurrentDetails(`${artifactDigests.length} agents of **${training.model}**, MLflow run \`${outcome.mlflowRunId}\``);
  return outcome;
}
