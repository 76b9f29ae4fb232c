import { loadTrainingPlan } from '#infra/configuration/trainingPlan.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import { trainAgents } from '../training/trainAgents.ts';
import { trainForecasters } from '../training/trainForecasters.ts';
import { authorOf, snapshotOf } from '../training/trainingRequest.ts';

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
    const asked = { snapshotDigest: await snapshotOf(plan, snapshots), author, note: context.note };
    const answer =
      plan.learner === 'agent'
        ? await trainAgents(trainings, plan, asked)
        : await trainForecasters(trainings, plan, asked);
    context.answer(answer);
  });
}
