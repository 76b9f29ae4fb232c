import { InvalidArgumentError } from 'commander';
import { Failure } from '#domain/failure.ts';
import { readTrials } from '#infra/fileDrop/returnFile.ts';
import { overRiskFree, riskFreeReturn } from '#pipelines/metrics/terms.ts';
import { defaultOverfitPlan, overfitReport, type OverfitReport } from '#pipelines/overfit/overfitReport.ts';
import { tableText } from '../answer.ts';
import type { CommandRegistration } from '../context.ts';
import { digitsText, figureText } from '../figureText.ts';

interface OverfitOptions {
  readonly trials: string;
  readonly trialCount?: number;
  readonly riskFree: number;
  readonly periods: number;
  readonly blocks: number;
  readonly groups: number;
  readonly testGroups: number;
  readonly purge: number;
  readonly embargo: number;
}

/** `overfit`: whether the best of a number of trials is more than the best of many; needs no server. */
export const registerOverfit: CommandRegistration = (program, context) => {
  const { splits, blocks, periodsPerYear } = defaultOverfitPlan;
  program
    .command('overfit')
    .description('weigh the best of many trials: deflated Sharpe ratio, probability of backtest overfitting')
    .requiredOption(
      '--trials <file>',
      'CSV (plain or gzip) or Parquet: a column of returns for everything that was tried',
    )
    .option('--trial-count <count>', 'strategies tried in all, where the file does not hold them all', wholeNumber)
    .option('--risk-free <rate>', 'a year, compounded, a fraction', figure, 0)
    .option('--periods <count>', 'returns a year: 252, 52, 12', figure, periodsPerYear)
    .option('--blocks <count>', 'even: blocks of the symmetric cross-validation', wholeNumber, blocks)
    .option('--groups <count>', 'groups of the combinatorial purged cross-validation', wholeNumber, splits.groups)
    .option('--test-groups <count>', 'groups that each split tests on', wholeNumber, splits.testGroups)
    .option('--purge <sessions>', 'cut from training on either side of a test', wholeNumber, splits.purgeSessions)
    .option('--embargo <sessions>', 'cut from training after a test', wholeNumber, splits.embargoSessions)
    .action(async (options: OverfitOptions) => {
      const { stamps, names, returns, withoutFigure } = await readTrials(options.trials);
      const report = reportOf(options, { names, returns });
      const rows = { used: report.selected.observations, withoutFigure };
      const span = { from: stamps?.[0] ?? null, to: stamps?.at(-1) ?? null };
      context.answer({ value: { file: options.trials, rows, ...span, ...report }, text: textOf(report) });
    });
};

function reportOf(
  { trials, trialCount, riskFree, periods, ...options }: OverfitOptions,
  { names, returns }: { readonly names: readonly string[]; readonly returns: readonly Float64Array[] },
): OverfitReport {
  const terms = { riskFreeRate: riskFree, periodsPerYear: periods };
  const { blocks, groups, testGroups, purge, embargo } = options;
  try {
    riskFreeReturn(terms);
    return overfitReport(
      { names, returns: returns.map((values) => overRiskFree(values, terms)) },
      {
        ...defaultOverfitPlan,
        periodsPerYear: periods,
        ...(trialCount !== undefined && { trialCount }),
        blocks,
        splits: { groups, testGroups, purgeSessions: purge, embargoSessions: embargo },
      },
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const rows = returns[0]?.length ?? 0;
    const message = `${trials}, ${names.length} trials of ${rows} whole rows: ${error.message}`;
    throw new Failure('TRIALS_INSUFFICIENT', message, { path: trials, trials: names.length, rows }, { cause: error });
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('write a whole number.');
  return Number(text);
}

function figure(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('write a number.');
  return value;
}

function textOf(report: OverfitReport): string {
  const { selected, trials, overfitting, paths, minimumTrackRecord, gate, verdict } = report;
  const { independent, neweyWest, lags } = selected.standardErrors;
  const whole = (sessions: number | null): string =>
    sessions === null ? 'no length' : digitsText(Math.ceil(sessions));
  const sharpes = paths.pathSharpes.flatMap((sharpe) => (sharpe === null ? [] : [sharpe]));
  const facts = [
    ['best of', `${trials.count} trials: ${selected.name}`],
    ['Sharpe ratio a year', `${figureText(selected.annualSharpe)} over ${selected.observations} sessions`],
    ['its standard error', `${figureText(independent)}; with ${lags} lags ${figureText(neweyWest)}`],
    ['best of as many worthless ones', figureText(trials.expectedMaximumSharpe)],
    ['probabilistic Sharpe ratio', figureText(report.probabilisticSharpe)],
    ['deflated Sharpe ratio', figureText(report.deflatedSharpe)],
    ['probability of overfitting', `${figureText(overfitting.probability)} over ${overfitting.combinations} halves`],
    [
      'sessions needed',
      `${whole(minimumTrackRecord.zero)}; past the worthless best ${whole(minimumTrackRecord.expectedMaximum)}`,
    ],
    [
      'the choice, out of sample',
      `Sharpe ${figureText(Math.min(...sharpes))} to ${figureText(Math.max(...sharpes))} on ${paths.pathSharpes.length} paths`,
    ],
  ];
  const checks = gate.checks.map(({ metric, comparison, threshold, actual, passed }) => [
    metric,
    `${comparison === 'atLeast' ? 'at least' : 'at most'} ${threshold}`,
    figureText(actual),
    passed ? 'pass' : 'fail',
  ]);
  return [
    tableText(['', ''], facts).trimStart(),
    '',
    tableText(['criterion', 'threshold', 'value', ''], checks),
    '',
    verdict,
  ].join('\n');
}
