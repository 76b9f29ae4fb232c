import { loadTrainingPlan } from '#infra/configuration/trainingPlan.ts';
import { tableText } from '../answer.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import { figuresOverSeeds, seedTable } from '../training/seedTable.ts';
import { authorOf, snapshotOf, trainingRequest } from '../training/trainingRequest.ts';

/** `train`: candidates from a file, one a seed, beside their baselines. */
export const registerTrain: CommandRegistration = (program, context) => {
  program
    .command('train')
    .argument('[plan]', 'YAML file; what it leaves out, or all without one, comes from the settings')
    .option('--author <name>', 'who is responsible for the candidates, and may not approve them')
    .description('train a model on a snapshot, once a seed, and register the candidates')
    .action((file: string | undefined, options: { readonly author?: string }) => train(context, file, options));
};

async function train(
  context: CommandContext,
  file: string | undefined,
  options: { readonly author?: string },
): Promise<void> {
  const plan = loadTrainingPlan(file, context.settings().settings);
  const author = authorOf(context, { option: options.author, plan: plan.author });
  await atDesk(context, async ({ snapshots, trainings }) => {
    const snapshotDigest = await snapshotOf(plan, snapshots);
    const candidates = await Promise.all(
      plan.seeds.map(async (seed) => {
        const request = trainingRequest(plan, { snapshotDigest, author, seed });
        const outcome = await trainings.train(request, (text) => context.note(`seed ${seed}: ${text}`));
        return { seed, ...outcome };
      }),
    );
    const figures = figuresOverSeeds(candidates.map(({ baselines }) => baselines));
    const rows = candidates.map(({ seed, modelVersion, epochs, samplesPerSecond, mlflowRunId, artifactDigest }) => [
      String(seed),
      modelVersion,
      String(epochs),
      String(Math.round(samplesPerSecond)),
      mlflowRunId,
      artifactDigest,
    ]);
    const headings = ['seed', 'version', 'epochs', 'samples/s', 'MLflow run', 'artifact'];
    context.answer({
      value: { model: plan.model, snapshotDigest, candidates, figures },
      text: `${tableText(headings, rows)}\n\non the validation part, mean ± deviation over ${plan.seeds.length} seeds\n${seedTable(figures)}`,
    });
  });
}
