import { InvalidArgumentError } from 'commander';
import { readReturns, type ReturnSeries } from '#infra/fileDrop/returnFile.ts';
import { figureLabel, figureOrder, figureText } from '#pipelines/figureText.ts';
import { returnFigures, type ReturnFigures } from '#pipelines/metrics.ts';
import { maximumDrawdown } from '#pipelines/metrics/drawdown.ts';
import { dailyTerms, riskFreeReturn, type ReturnTerms } from '#pipelines/metrics/terms.ts';
import { tableText } from '../answer.ts';
import type { CommandRegistration } from '../context.ts';

interface MetricsOptions {
  readonly returns: string;
  readonly column?: string;
  readonly benchmark?: string;
  readonly benchmarkColumn?: string;
  readonly riskFree: number;
  readonly periods: number;
}

/** `metrics`: every figure of returns in a file, against a benchmark where one is given; needs no server. */
export const registerMetrics: CommandRegistration = (program, context) => {
  program
    .command('metrics')
    .description('performance and risk figures of returns in a file')
    .requiredOption('--returns <file>', 'CSV (plain or gzip) or Parquet of simple returns, fractions, with their dates')
    .option('--column <name>', 'the series, where the file has several')
    .option('--benchmark <file>', 'returns to hold them against, joined by date')
    .option('--benchmark-column <name>', 'the series, where that file has several')
    .option('--risk-free <rate>', 'a year, compounded, a fraction', rate, dailyTerms.riskFreeRate)
    .option('--periods <count>', 'returns a year: 252, 52, 12', periodCount, dailyTerms.periodsPerYear)
    .action(async ({ returns, column, benchmark, benchmarkColumn, riskFree, periods }: MetricsOptions) => {
      const series = await readReturns(
        { path: returns, ...(column !== undefined && { column }) },
        benchmark === undefined
          ? undefined
          : { path: benchmark, ...(benchmarkColumn !== undefined && { column: benchmarkColumn }) },
      );
      const terms = { riskFreeRate: riskFree, periodsPerYear: periods };
      const figures = returnFigures(series.returns, series.benchmark?.returns, terms);
      const benchmarkFigures = series.benchmark && returnFigures(series.benchmark.returns, undefined, terms);
      context.answer({
        value: {
          returns,
          series: series.name,
          benchmark: series.benchmark && { file: benchmark, series: series.benchmark.name, metrics: benchmarkFigures },
          ...terms,
          join: joinOf(series),
          rows: series.rows,
          from: series.stamps?.[0] ?? null,
          to: series.stamps?.at(-1) ?? null,
          metrics: figures,
          drawdown: drawdownOf(series),
        },
        text: textOf(series, figures, benchmarkFigures),
      });
    });
};

function rate(text: string): number {
  return termOf(text, (riskFreeRate) => ({ ...dailyTerms, riskFreeRate }));
}

function periodCount(text: string): number {
  return termOf(text, (periodsPerYear) => ({ ...dailyTerms, periodsPerYear }));
}

function termOf(text: string, termsOf: (value: number) => ReturnTerms): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  try {
    riskFreeReturn(termsOf(value));
    return value;
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/** By what the two files were joined. */
function joinOf({ benchmark, stamps }: ReturnSeries): 'time, rows of both files' | 'row by row' | null {
  if (!benchmark) return null;
  return stamps ? 'time, rows of both files' : 'row by row';
}

/** The deepest fall with its times; rows, counted from 1, where the file tells no times. */
function drawdownOf({ returns, stamps }: ReturnSeries): object | null {
  const deepest = maximumDrawdown(returns);
  if (!deepest || deepest.fraction === 0) return null;
  const { fraction, peakIndex, troughIndex, recoveryIndex } = deepest;
  const at = (index: number): string | number => stamps?.[index] ?? index + 1;
  return {
    fraction,
    // A peak before the first return is the money as it was laid down.
    peak: peakIndex === -1 ? 'start' : at(peakIndex),
    trough: at(troughIndex),
    recovered: recoveryIndex === null ? null : at(recoveryIndex),
  };
}

function textOf(series: ReturnSeries, figures: ReturnFigures, benchmark: ReturnFigures | undefined): string {
  const headings = ['', series.name, ...(series.benchmark ? [series.benchmark.name] : [])];
  const rows = figureOrder.map((name) => [
    figureLabel(name),
    figureText(name, figures[name]),
    ...(benchmark ? [figureText(name, benchmark[name])] : []),
  ]);
  const { rows: counts, stamps } = series;
  const used = counts.common - counts.withoutFigure;
  const of = counts.benchmark === undefined ? `${counts.returns}` : `${counts.returns} and ${counts.benchmark}`;
  const span = stamps ? `, ${stamps[0]} to ${stamps.at(-1)}` : '';
  const empty = counts.withoutFigure > 0 ? `; ${counts.withoutFigure} left out for an empty cell` : '';
  const joined = series.benchmark ? `; joined by ${joinOf(series)}` : '';
  return [tableText(headings, rows), '', `${used} of ${of} rows${span}${joined}${empty}`].join('\n');
}
