import type { TrialOutcome } from '#activities/searchActivities.ts';
import { ranked } from '#domain/successiveHalving.ts';
import { loadTrainingPlan } from '#infra/configuration/trainingPlan.ts';
import { tableText } from '../answer.ts';
import { atDesk, type CommandRegistration } from '../context.ts';
import { digitsText } from '../figureText.ts';
import { figuresOverSeeds, forecasterLayout, seedTable } from '../training/seedTable.ts';
import { authorOf, searchRequest, snapshotOf } from '../training/trainingRequest.ts';

/** `search`: the best of many specifications, and a candidate from it. */
export const registerSearch: CommandRegistration = (program, context) => {
  program
    .command('search')
    .argument('<plan>', 'YAML file with a section `search`')
    .option('--author <name>', 'who is responsible for the candidate, and may not approve it')
    .description('search for the best settings of a training, and register the best as a candidate')
    .action(async (file: string, options: { readonly author?: string }) => {
      const plan = loadTrainingPlan(file, context.settings().settings);
      const author = authorOf(context, { option: options.author, plan: plan.author });
      await atDesk(context, async ({ snapshots, trainings }) => {
        const request = searchRequest(plan, { snapshotDigest: await snapshotOf(plan, snapshots), author });
        const outcome = await trainings.search(request, context.note);
        const { modelVersion, artifactDigest, baselines } = outcome.training;
        context.answer({
          value: { model: plan.model, ...outcome },
          text: [
            trialTable(outcome.trials),
            `\n${plan.model} ${modelVersion}, artifact ${artifactDigest}; MLflow run of the search ${outcome.mlflowRunId}`,
            seedTable(figuresOverSeeds([baselines], ['meanSquaredError', 'rankCorrelation']), forecasterLayout),
          ].join('\n'),
        });
      });
    });
};

/** Trials, the best first; those that failed last, with why. */
function trialTable(trials: readonly TrialOutcome[]): string {
  const best = ranked(trials);
  const names = Object.keys(trials[0]?.point ?? {});
  const rows = [...best, ...trials.filter(({ loss }) => loss === null)].map((trial) => [
    String(trial.trial),
    ...names.map((name) => {
      const value = trial.point[name]!;
      return typeof value === 'number' ? digitsText(value) : value;
    }),
    String(trial.epochs),
    trial.failure ?? digitsText(trial.loss),
  ]);
  return tableText(['trial', ...names, 'epochs', 'validation loss'], rows);
}
