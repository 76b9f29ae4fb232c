import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type {
  AgentTrainingOutcome,
  AgentTrainingProgress,
  AgentTrainingRequest,
  EnsembleOutcome,
  EnsembleRequest,
} from '#activities/agentActivities.ts';
import type { SearchRequest } from '#activities/searchActivities.ts';
import type { TrainingOutcome, TrainingProgress, TrainingRequest } from '#activities/trainingActivities.ts';
import { digestOf } from '#domain/sha256.ts';
import type { SearchOutcome, searchHyperparameters } from '#workflows/searchHyperparameters.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { playEnsemble } from '#workflows/playEnsemble.ts';
import type { trainAgent } from '#workflows/trainAgent.ts';
import type { trainModel } from '#workflows/trainModel.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { currentDetails } from './currentDetails.ts';
import { followed } from './followed.ts';
import { startOrJoin } from './startOrJoin.ts';

/** Trainings and searches: they run on when whoever asked for them has gone. */
export interface Trainings {
  /**
   * Trains to a candidate, or joins the training of the same request.
   * @throws the failure the training met
   */
  train(request: TrainingRequest, onProgress: (text: string) => void): Promise<TrainingOutcome>;
  /** Trains an agent to a candidate, or joins the training of the same request. @throws as `train` */
  trainAgent(request: AgentTrainingRequest, onProgress: (text: string) => void): Promise<AgentTrainingOutcome>;
  /** Scores agents as one, or joins the scoring of the same. @throws as `train` */
  playEnsemble(request: EnsembleRequest, onProgress: (text: string) => void): Promise<EnsembleOutcome>;
  /** Searches, or joins the search of the same request. @throws as `train` */
  search(request: SearchRequest, onProgress: (text: string) => void): Promise<SearchOutcome>;
}

/** Trainings as Temporal carries them. */
export function createTrainings(client: Client): Trainings {
  return {
    async train(request, onProgress) {
      const { model, training } = request;
      const handle = await startOrJoin<typeof trainModel>(client, 'trainModel', {
        workflowId: workflowIds.train(model, digestOf(request)),
        taskQueue: taskQueues.lifecycle,
        staticSummary: `${training.kind} on ${request.snapshotDigest.slice(0, 12)}, seed ${training.seed}`,
        args: [request],
      });
      return followed(handle, onProgress, () => toldText(handle, epochText));
    },

    async trainAgent(request, onProgress) {
      const { model, agent } = request;
      const handle = await startOrJoin<typeof trainAgent>(client, 'trainAgent', {
        workflowId: workflowIds.train(model, digestOf(request)),
        taskQueue: taskQueues.lifecycle,
        staticSummary: `${agent.kind} on ${request.snapshotDigest.slice(0, 12)}, seed ${agent.seed}`,
        args: [request],
      });
      return followed(handle, onProgress, () => toldText(handle, stepText));
    },

    async playEnsemble(request, onProgress) {
      const { model } = request.training;
      const handle = await startOrJoin<typeof playEnsemble>(client, 'playEnsemble', {
        workflowId: workflowIds.ensemble(model, digestOf(request)),
        taskQueue: taskQueues.lifecycle,
        staticSummary: `${request.artifactDigests.length} agents of ${model} as one`,
        args: [request],
      });
      return followed(handle, onProgress, () => currentDetails(handle));
    },

    async search(request, onProgress) {
      const { model } = request.base;
      const handle = await startOrJoin<typeof searchHyperparameters>(client, 'searchHyperparameters', {
        workflowId: workflowIds.search(model, digestOf(request)),
        taskQueue: taskQueues.lifecycle,
        staticSummary: `${request.plan.trials} trials on ${request.base.snapshotDigest.slice(0, 12)}`,
        args: [request],
      });
      return followed(handle, onProgress, () => currentDetails(handle));
    },
  };
}

/** Where a training is, from its last heartbeat; what its workflow shows when there is none. */
async function toldText(
  handle: Pick<WorkflowHandle, 'describe' | 'query'>,
  textOf: (told: never) => string,
): Promise<string> {
  const { raw } = await handle.describe();
  const [told] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
  return told ? textOf(defaultPayloadConverter.fromPayload<never>(told)) : currentDetails(handle);
}

/** An epoch as people read it. */
function epochText({ epoch, epochs, validationLoss, samplesPerSecond, secondsLeft }: TrainingProgress): string {
  const rate = `${Math.round(samplesPerSecond)} samples/s`;
  return `epoch ${epoch} of ${epochs}, validation loss ${validationLoss.toPrecision(4)}, ${rate}, at most ${secondsLeft} s left`;
}

/** A stretch of steps as people read it. */
function stepText({ steps, stepsMax, validationReturn, stepsPerSecond, secondsLeft }: AgentTrainingProgress): string {
  const earned = `validation return ${(100 * validationReturn).toFixed(2)} %`;
  return `step ${steps} of ${stepsMax}, ${earned}, ${Math.round(stepsPerSecond)} steps/s, ${secondsLeft} s left`;
}
