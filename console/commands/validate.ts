import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { ValidationSummary } from '#activities/validationActivities.ts';
import { weighGate, type WeighedGate } from '#domain/promotion.ts';
import { figureLabel, figureText } from '#pipelines/figureText.ts';
import { gateTable } from '#pipelines/verdictTables.ts';
import { tableText } from '../answer.ts';
import { atDesk, type CommandContext, type CommandRegistration } from '../context.ts';
import { planOf } from '../validation/settingsPlan.ts';

interface ValidateOptions {
  readonly plan?: string;
  readonly windows?: number;
  readonly output?: string;
}

/** `validate`: judges a registered version by walk-forward, simulation and its own bytes, and fetches the tear sheet. */
export const registerValidate: CommandRegistration = (program, context) => {
  program
    .command('validate')
    .argument('<model>', 'name in the registry')
    .argument('[version]', 'number of a version, or an alias; the newest unless given')
    .option('--plan <name>', 'judge as this pinned plan says; the settings unless given')
    .option('--windows <count>', 'judge the latest windows only', windowCount)
    .option('--output <file>', 'where the tear sheet goes; MODEL-VERSION.html unless given, JSON beside it')
    .description('judge a registered version: walk-forward, holdout, simulated paths, gates, tear sheet')
    .action((model: string, version: string | undefined, options: ValidateOptions) =>
      validate(context, { model, version }, options),
    );
};

async function validate(
  context: CommandContext,
  { model, version }: { readonly model: string; readonly version: string | undefined },
  options: ValidateOptions,
): Promise<void> {
  if (options.output !== undefined && !/\.html?$/i.test(options.output)) {
    throw new InvalidArgumentError('--output must end in .html');
  }
  const plan = planOf(context.settings().settings, options);
  await atDesk(context, async ({ validations }) => {
    const subject = await validations.subject(model, version, plan.holdoutSessions);
    const { modelVersion, artifactDigest } = subject.candidate;
    const summary = await validations.validate({ ...subject, plan }, context.note);
    const html = options.output ?? `${model}-${modelVersion}.html`;
    const json = html.replace(/\.html?$/i, '.json');
    await writeFile(html, await validations.document(summary.tearSheetKey));
    await writeFile(json, await validations.document(summary.tearSheetKey.replace(/\.html$/, '.json')));
    const gates = plan.gates.map((gate) => weighGate(gate, summary.figures));
    context.answer({
      value: { model, modelVersion, artifactDigest, html, json, ...summary, gates },
      text: textOf(summary, gates, [html, json]),
    });
  });
}

/** Figures that are asked for first, of the procedure and of the bytes. */
const told = ['annualReturn', 'sharpe', 'sortino', 'maximumDrawdown', 'totalReturn', 'turnover', 'exposure'] as const;

function textOf(summary: ValidationSummary, gates: readonly WeighedGate[], files: readonly string[]): string {
  const { figures, windows, meanSharpe, stdSharpe, minSharpe } = summary;
  const rows = told.map((name) => [
    figureLabel(name),
    figureText(name, figures[`walkForward.${name}`]),
    figureText(name, figures[`holdout.${name}`]),
    figureText(name, figures[`baseline.benchmark.${name}`]),
  ]);
  const [mean, deviation, least] = [meanSharpe, stdSharpe, minSharpe].map((value) => figureText('sharpe', value));
  return [
    tableText(['', 'walk-forward', 'holdout', 'benchmark'], rows),
    '',
    `${windows} windows, which overlap: Sharpe ratio ${mean} on average, deviation ${deviation}, lowest ${least}`,
    ...gates.flatMap((gate) => {
      const { head, rows: criteria } = gateTable(gate);
      return ['', `gate ${gate.name}: ${gate.verdict}`, tableText(head, criteria)];
    }),
    '',
    ...files,
  ].join('\n');
}

function windowCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('a whole number from 1.');
  return Number(text);
}
