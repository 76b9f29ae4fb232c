import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ColumnTable } from '#domain/columnTable.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { resampleFiles, type ResampledSymbol, type StampChoice } from './resampleFiles.ts';

interface ResampleOptions {
  readonly to: number | 'session';
  readonly stamps: StampChoice;
  readonly symbol?: string;
  readonly output?: string;
}

const minuteMs = 60_000;
const lengths: Readonly<Record<string, number | 'session'>> = {
  '1min': minuteMs,
  '5min': 5 * minuteMs,
  '15min': 15 * minuteMs,
  '1h': 60 * minuteMs,
  session: 'session',
};
/** Bars a person is shown; --json and --output give all. */
const shownMax = 10;

/** `data resample`: bars and trades within sessions joined into longer bars. */
export function registerDataResample(data: Command, context: CommandContext): void {
  data
    .command('resample')
    .description('join bars or trades within sessions into longer bars')
    .argument('<files...>', 'CSV (datetime, open, high, low, close, volume), or LEAN minute, second and tick zip files')
    .requiredOption('--to <length>', `length of the new bars: ${Object.keys(lengths).join(', ')}`, asLength)
    .addOption(
      new Option('--stamps <convention>', 'what stamps of a CSV mean: the start or the end of a bar')
        .choices(['start', 'end', 'auto'])
        .default('auto'),
    )
    .option('--symbol <symbol>', 'symbol of the CSV files; what their names begin with when absent')
    .option('--output <file>', 'write the bars to FILE.csv or FILE.parquet')
    .action(async (files: readonly string[], { to, stamps, symbol, output }: ResampleOptions) => {
      const symbols = await resampleFiles(files, { to, stamps, ...(symbol !== undefined && { symbol }) });
      if (output !== undefined) await writeTableFile(output, tableOf(symbols));
      context.answer({
        value: { files, output: output ?? null, symbols: symbols.map(valueOf) },
        text: symbols.map(textOf).join('\n\n'),
      });
    });
}

function asLength(text: string): number | 'session' {
  const length = lengths[text];
  if (length === undefined) throw new InvalidArgumentError(`write ${Object.keys(lengths).join(', ')}.`);
  return length;
}

function valueOf({ bars, missing, outsideHoursMs, ...told }: ResampledSymbol): object {
  return {
    ...told,
    bars: bars.map(({ startMs, endMs, ...bar }) => ({ ...bar, start: utc(startMs), end: utc(endMs) })),
    missingMinutes: minutes(missing),
    missing: missing.map(({ session, startMs, endMs }) => ({ session, start: utc(startMs), end: utc(endMs) })),
    outsideHours: outsideHoursMs.map(utc),
  };
}

function minutes(missing: ResampledSymbol['missing']): number {
  return missing.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / minuteMs, 0);
}

function textOf({ symbol, stamps, given, bars, missing, outsideHoursMs }: ResampledSymbol): string {
  const rows = bars
    .slice(-shownMax)
    .map(({ startMs, endMs, open, high, low, close, volume }) => [
      utc(startMs),
      utc(endMs),
      ...[open, high, low, close, volume].map(String),
    ]);
  return [
    tableText(['start', 'end', 'open', 'high', 'low', 'close', 'volume'], rows),
    `${symbol}: ${bars.length} bars of ${given} given, stamped at their ${stamps}; ${minutes(missing)} minutes of regular ` +
      `trading without any; ${outsideHoursMs.length} given while the exchange was closed`,
  ].join('\n');
}

function tableOf(symbols: readonly ResampledSymbol[]): ColumnTable {
  const all = symbols.flatMap(({ symbol, bars }) => bars.map((bar) => ({ ...bar, symbol })));
  const figure = (name: 'open' | 'high' | 'low' | 'close' | 'volume') =>
    ({ name, type: 'double', values: Float64Array.from(all, (bar) => bar[name]) }) as const;
  return [
    { name: 'symbol', type: 'text', values: all.map(({ symbol }) => symbol) },
    { name: 'start', type: 'text', values: all.map(({ startMs }) => utc(startMs)) },
    { name: 'end', type: 'text', values: all.map(({ endMs }) => utc(endMs)) },
    { name: 'state', type: 'text', values: all.map(({ state }) => state) },
    ...(['open', 'high', 'low', 'close', 'volume'] as const).map(figure),
  ];
}

function utc(atMs: number): string {
  return new Date(atMs).toISOString();
}
