import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { SearchRequest } from '#activities/searchActivities.ts';
import type { TrainingOutcome, TrainingProgress, TrainingRequest } from '#activities/trainingActivities.ts';
import { digestOf } from '#domain/sha256.ts';
import type { SearchOutcome, searchHyperparameters } from '#workflows/searchHyperparameters.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
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
      return followed(handle, onProgress, () => epochText(handle));
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

/** The epoch that a training is at, from its last heartbeat; what its workflow shows when there is none. */
async function epochText(handle: Pick<WorkflowHandle, 'describe' | 'query'>): Promise<string> {
  const { raw } = await handle.describe();
  const [told] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
  return told ? progressText(defaultPayloadConverter.fromPayload<TrainingProgress>(told)) : currentDetails(handle);
}

/** An epoch as people read it. */
function progressText({ epoch, epochs, validationLoss, samplesPerSecond, secondsLeft }: TrainingProgress): string {
  const rate = `${Math.round(samplesPerSecond)} samples/s`;
  return `epoch ${epoch} of ${epochs}, validation loss ${validationLoss.toPrecision(4)}, ${rate}, at most ${secondsLeft} s left`;
}
