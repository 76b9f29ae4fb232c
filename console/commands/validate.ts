import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import type { ValidationSummary } from '#activities/validationActivities.ts';
import { weighGate, type WeighedGate } from '#domain/promotion.ts';
import { writeWholeFile } from '#infra/files/tableFile.ts';
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
    const sheet = await validations.document(summary.tearSheetKey.replace(/\.html$/, '.json'));
    await writeWholeFile(html, await validations.document(summary.tearSheetKey));
    await writeWholeFile(json, sheet);
    const gates = plan.gates.map((gate) => weighGate(gate, summary.figures));
    context.answer({
      value: { model, modelVersion, artifactDigest, html, json, ...summary, gates },
      text: textOf(summary, sheetSchema.parse(JSON.parse(new TextDecoder().decode(sheet))), {
        gates,
        files: [html, json],
      }),
    });
  });
}

/** Figures of a curve that are asked for first, and those of the account behind it. */
const ofCurves = ['totalReturn', 'annualReturn', 'sharpe', 'sortino', 'maximumDrawdown'] as const;
const ofAccounts = ['exposure', 'turnover', 'trades', 'costsDollars'] as const;

/** What the JSON beside a sheet holds that the table shows: figures by column. */
const sheetSchema = z.object({ metrics: z.record(z.string(), z.record(z.string(), z.number().nullable())) });

function textOf(
  summary: ValidationSummary,
  { metrics }: z.infer<typeof sheetSchema>,
  { gates, files }: { readonly gates: readonly WeighedGate[]; readonly files: readonly string[] },
): string {
  const { figures, windows, meanSharpe, stdSharpe, minSharpe } = summary;
  const { strategy, benchmark, ...others } = metrics;
  const { 'candidate, holdout': holdout, ...baselines } = others;
  const columns = { 'walk-forward': strategy, holdout, benchmark, ...baselines };
  const rows = [
    ...ofCurves.map((name) => [
      figureLabel(name),
      ...Object.values(columns).map((column) => figureText(name, column?.[name])),
    ]),
    ...ofAccounts.map((name) => [
      figureLabel(name),
      ...['walkForward', 'holdout'].map((judged) => figureText(name, figures[`${judged}.${name}`])),
    ]),
  ];
  const [mean, deviation, least] = [meanSharpe, stdSharpe, minSharpe].map((value) => figureText('sharpe', value));
  return [
    tableText(['', ...Object.keys(columns)], rows),
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
