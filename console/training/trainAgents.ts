import type { AgentPlan } from '#infra/configuration/trainingPlan.ts';
import { tableText, type Answer } from '../answer.ts';
import type { Trainings } from '../desk/trainingDesk.ts';
import { figuresOverSeeds, seedTable, traderLayout } from './seedTable.ts';
import type { AskedTrainings } from './trainForecasters.ts';
import { agentRequest } from './trainingRequest.ts';

/** Trains an agent a seed, plays them together, and holds all beside what they must beat. */
export async function trainAgents(
  trainings: Trainings,
  plan: AgentPlan,
  { snapshotDigest, author, note }: AskedTrainings,
): Promise<Answer> {
  const requestOf = (seed: number) => agentRequest(plan, { snapshotDigest, author, seed });
  const candidates = await Promise.all(
    plan.seeds.map(async (seed) => {
      const outcome = await trainings.trainAgent(requestOf(seed), (text) => note(`seed ${seed}: ${text}`));
      return { seed, ...outcome };
    }),
  );
  const artifactDigests = candidates.map(({ artifactDigest }) => artifactDigest);
  const ensemble =
    candidates.length > 1
      ? await trainings.playEnsemble({ training: requestOf(plan.seeds[0]!), artifactDigests }, (text) => note(text))
      : undefined;
  const columns = Object.keys(traderLayout.headings) as (keyof typeof traderLayout.headings)[];
  const figures = figuresOverSeeds(
    [...candidates.map((candidate) => candidate.figures), ...(ensemble ? [ensemble.figures] : [])],
    columns,
  );
  const rows = candidates.map(({ seed, modelVersion, steps, stepsPerSecond, mlflowRunId, artifactDigest }) => [
    String(seed),
    modelVersion,
    String(steps),
    String(Math.round(stepsPerSecond)),
    mlflowRunId,
    artifactDigest,
  ]);
  const headings = ['seed', 'version', 'steps', 'steps/s', 'MLflow run', 'artifact'];
  const scored = `on the validation part, mean ± deviation over ${plan.seeds.length} seeds`;
  const together = ensemble ? `\nMLflow run of the ensembles ${ensemble.mlflowRunId}` : '';
  return {
    value: { model: plan.model, snapshotDigest, candidates, ...(ensemble && { ensemble }), figures },
    text: `${tableText(headings, rows)}${together}\n\n${scored}\n${seedTable(figures, traderLayout)}`,
  };
}
