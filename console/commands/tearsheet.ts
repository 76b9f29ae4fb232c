import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { figureLabel, figureText } from '#pipelines/figureText.ts';
import { simulationMethods, type SimulationMethod } from '#pipelines/monteCarlo.ts';
import { knownOf, type TearSheet } from '#pipelines/tearSheet/sheet.ts';
import { tableText } from '../answer.ts';
import type { CommandContext, CommandRegistration } from '../context.ts';
import { curveOfFiles, type SheetFiles } from '../tearSheet/fileSheet.ts';
import { usualSimulation, writtenSheet } from '../tearSheet/writtenSheet.ts';

interface TearSheetOptions extends SheetFiles {
  readonly output: string;
  readonly title?: string;
  readonly monteCarlo: SimulationMethod;
  readonly paths: number;
  readonly seed: number;
  readonly blockSessions: number;
  readonly ruinDrawdown: number;
}

/** `tearsheet`: a page of pictures and figures of returns in a file, and the same as JSON beside it; needs no server. */
export const registerTearsheet: CommandRegistration = (program, context) => {
  program
    .command('tearsheet')
    .description('one self-contained page of pictures and figures of returns in a file, JSON beside it')
    .requiredOption(
      '--returns <file>',
      'CSV (plain or gzip) or Parquet: dates and simple daily returns; columns exposure and turnover are drawn too',
    )
    .option('--column <name>', 'the strategy, where the file has several series')
    .option('--benchmark <file>', 'returns to hold them against, joined by date')
    .option('--benchmark-column <name>', 'the series, where that file has several')
    .option('--trades <file>', 'executions with their costs, or closed trades')
    .requiredOption('--output <file>', 'FILE.html; FILE.json lies beside it')
    .option('--title <text>', 'heading of the page; the name of the series unless given')
    .addOption(
      new Option(
        '--monte-carlo <method>',
        'how paths are made: blocks of days, trades in other orders, fitted volatility',
      )
        .choices(simulationMethods)
        .default(usualSimulation.method),
    )
    .option('--paths <count>', 'simulated paths', within(1, 100_000), usualSimulation.paths)
    .option('--seed <number>', 'of the paths', within(0, 0xffff_ffff), usualSimulation.seed)
    .option(
      '--block-sessions <count>',
      'bootstrap: mean length of a block',
      within(1, 252),
      usualSimulation.meanBlockSessions,
    )
    .option('--ruin-drawdown <fraction>', 'a drawdown over this is ruin', fraction, usualSimulation.ruinDrawdown)
    .action((options: TearSheetOptions) => writeTearSheet(context, options));
};

async function writeTearSheet(context: CommandContext, options: TearSheetOptions): Promise<void> {
  const { monteCarlo: method, paths, seed, blockSessions, ruinDrawdown } = options;
  const { name, ...curve } = await curveOfFiles(options);
  const { sheet, html, json, leftOut } = await writtenSheet(options.output, {
    title: options.title ?? name,
    subtitle: path.basename(options.returns),
    curve,
    simulation: { method, paths, seed, meanBlockSessions: blockSessions, ruinDrawdown },
  });
  const { metrics, sessions, monteCarlo: simulation } = sheet;
  context.answer({
    value: {
      html,
      json,
      sessions: sessions.length,
      from: sessions[0],
      to: sessions.at(-1),
      metrics,
      monteCarlo: knownOf(simulation)?.summary,
      leftOut,
    },
    text: textOf(sheet, [html, json]),
  });
}

function textOf({ metrics, sessions }: TearSheet, files: readonly string[]): string {
  const names = Object.keys(metrics);
  const figures = ['annualReturn', 'annualVolatility', 'sharpe', 'sortino', 'maximumDrawdown', 'totalReturn'] as const;
  const rows = figures.map((figure) => [
    figureLabel(figure),
    ...names.map((name) => figureText(figure, metrics[name]![figure])),
  ]);
  const span = `${sessions.length} sessions, ${sessions[0]} to ${sessions.at(-1)}`;
  return [tableText(['', ...names], rows), '', span, ...files].join('\n');
}

function within(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw new InvalidArgumentError(`a whole number from ${least} to ${most}.`);
    return value;
  };
}

function fraction(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('a fraction between 0 and 1.');
  return value;
}
