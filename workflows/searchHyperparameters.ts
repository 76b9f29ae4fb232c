import { executeChild, proxyActivities, setCurrentDetails, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { OpenSearch, SearchActivities, SearchRequest, Trial, TrialOutcome } from '#activities/searchActivities.ts';
import type { TrainingOutcome } from '#activities/trainingActivities.ts';
import type { SearchPoint } from '#domain/searchSpace.ts';
import { ranked, rungEpochs, survivors } from '#domain/successiveHalving.ts';
import { inBatches } from './inBatches.ts';
import { policies } from './policies.ts';
import { refusal } from './refusal.ts';
import { mark } from './searchAttributes.ts';
import { trainModel } from './trainModel.ts';
import { workflowIds } from './workflowIds.ts';

const { proposeTrials, closeSearch } = proxyActivities<SearchActivities>(policies.bookkeeping);
const { openSearch, runTrial } = proxyActivities<SearchActivities>(policies.trial);

/** What a search answers. */
export interface SearchOutcome {
  readonly mlflowRunId: string;
  /** Every trial as far as it was trained, in the order of their numbers. */
  readonly trials: readonly TrialOutcome[];
  readonly best: SearchPoint;
  /** The best specification, trained to its end and registered as a candidate. */
  readonly training: TrainingOutcome;
}

/**
 * Searches for the best specification of a training by its validation loss: points are proposed in batches, each
 * learning from those before; then the worse trials end and the better ones are trained on, rung by rung. The best one
 * goes on to a candidate that carries the number of trials with it. The same request gives the same trials, whatever
 * was interrupted and whichever trial of a batch was over first.
 */
export async function searchHyperparameters(request: SearchRequest): Promise<SearchOutcome> {
  const { base, plan } = request;
  mark({ model: base.model, stage: 'search' });
  const search = await openSearch.executeWithOptions({ summary: 'compute features' }, [request]);
  const [first = base.training.epochs, ...later] = rungEpochs(plan.halving, base.training.epochs);

  const outcomes = new Map<number, TrialOutcome>();
  const keep = (done: readonly TrialOutcome[]): void => {
    for (const outcome of done) outcomes.set(outcome.trial, outcome);
    tell(search, [...outcomes.values()]);
  };
  const numbers = Array.from({ length: plan.trials }, (_, trial) => trial);
  await inBatches(numbers, plan.parallel, async (batch) => {
    const finished = [...outcomes.values()];
    const trials = await proposeTrials.executeWithOptions({ summary: `propose ${batch.length}` }, [
      search,
      { numbers: batch, finished },
    ]);
    keep(await Promise.all(trials.map((trial) => run(search, trial, first))));
  });
  let standing: readonly number[] = numbers;
  for (const epochs of later) {
    standing = survivors(
      standing.map((trial) => outcomes.get(trial)!),
      plan.halving.factor,
    );
    await inBatches(standing, plan.parallel, async (batch) =>
      keep(await Promise.all(batch.map((trial) => run(search, outcomes.get(trial)!, epochs)))),
    );
  }

  const trials = [...outcomes.values()];
  await closeSearch.executeWithOptions({ summary: `write ${trials.length} trials down` }, [search, trials]);
  const winner = ranked(trials)[0];
  if (!winner) throw refusal('SEARCH_FRUITLESS', `all ${trials.length} trials diverged`);
  return finish(search, winner, trials);
}

function run(search: OpenSearch, { trial, point }: Trial, epochs: number): Promise<TrialOutcome> {
  return runTrial.executeWithOptions({ summary: `trial ${trial}, until epoch ${epochs}` }, [
    search,
    { trial, point },
    epochs,
  ]);
}

/** Trains the winner to its end, from where its trial stopped. */
async function finish(
  { request, searchDigest, mlflowRunId }: OpenSearch,
  { point }: TrialOutcome,
  trials: readonly TrialOutcome[],
): Promise<SearchOutcome> {
  mark({ stage: 'train' });
  const { base } = request;
  const training = await executeChild(trainModel, {
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowId: workflowIds.train(base.model, searchDigest),
    staticSummary: `${base.model}, the best of ${trials.length}`,
    args: [
      {
        ...base,
        training: { ...base.training, ...point },
        search: { searchDigest, mlflowRunId, trials: trials.length },
      },
    ],
  });
  mark({ stage: 'done', verdict: 'registered' });
  return { mlflowRunId, trials, best: point, training };
}

function tell({ request }: OpenSearch, trials: readonly TrialOutcome[]): void {
  const best = ranked(trials)[0];
  const standing = best ? `; best loss ${best.loss.toPrecision(4)} by trial ${best.trial}` : '';
  setCurrentDetails(
    `Searching **${request.base.model}**: ${trials.length} of ${request.plan.trials} trials${standing}`,
  );
}
