import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import { readBarFile, type BarFile, type FileBars } from '#infra/fileDrop/barFile.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import { chosenIndicators, type ChosenIndicator } from '#pipelines/indicators/chosenIndicators.ts';
import { computeIndicator } from '#pipelines/indicators/computeIndicator.ts';
import type { Columns } from '#pipelines/indicators/indicator.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { declaredFeatures, type DeclaredRequest } from './declaredFeatures.ts';

interface ComputeOptions {
  readonly input: string;
  readonly indicators?: readonly ChosenIndicator[];
  readonly declaration?: string;
  readonly stamps: DeclaredRequest['stamps'];
  readonly observations: Readonly<Record<string, string>>;
  readonly output: string;
}

/** `features compute`: indicators or declared features of a file of bars, written beside their times. */
export function registerFeaturesCompute(features: Command, context: CommandContext): void {
  features
    .command('compute')
    .description('compute indicators or declared features of bars in a file; prices are taken as they are')
    .requiredOption('--input <file>', 'CSV (plain or gzip) or Parquet with the header names of usual exports')
    .option('--indicators <list>', "e.g. 'RSI(14),MACD(12,26,9)': see `features list`", chosenIndicators)
    .option('--declaration <file>', 'YAML of features: names, kinds, inputs, parameters, timeframes')
    .addOption(
      new Option('--stamps <convention>', 'with --declaration: what times mean, the start or the end of a bar')
        .choices(['start', 'end', 'auto'])
        .default('auto'),
    )
    .option('--observations <set=file...>', 'with --declaration: files of alternative data', asFiles, {})
    .requiredOption('--output <file>', 'FILE.csv or FILE.parquet; empty (NaN) while an indicator warms up')
    .action(async ({ indicators, declaration, ...options }: ComputeOptions) => {
      if ((indicators === undefined) === (declaration === undefined)) {
        throw new Failure('COMMAND_UNKNOWN', 'give either --indicators or --declaration', {});
      }
      if (indicators) await computeIndicators(context, { ...options, indicators });
      else await computeDeclared(context, { ...options, declaration: declaration! });
    });
}

function asFiles(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, set, file] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (set === undefined || file === undefined) throw new InvalidArgumentError('write SET=FILE.');
  return { ...before, [set]: file };
}

async function computeDeclared(
  context: CommandContext,
  { output, ...request }: DeclaredRequest & { readonly output: string },
): Promise<void> {
  const { table, plan, symbols } = await declaredFeatures(request);
  await writeTableFile(output, table);
  const rows = table[0]?.values.length ?? 0;
  const told = plan.columns.map(({ name, step }) => {
    const { kind, timeframe } = plan.steps[step]!;
    return { name, kind: kind.name, timeframe, values: presentIn(table, name) };
  });
  const lines = told.map(({ name, kind, timeframe, values }) => [name, kind, timeframe, String(values)]);
  context.answer({
    value: { input: request.input, declaration: request.declaration, output, rows, symbols, features: told },
    text: [tableText(['feature', 'kind', 'timeframe', 'values'], lines), rowsText(output, rows, symbols)].join('\n'),
  });
}

async function computeIndicators(
  context: CommandContext,
  {
    input,
    indicators,
    output,
  }: Pick<ComputeOptions, 'input' | 'output'> & Required<Pick<ComputeOptions, 'indicators'>>,
): Promise<void> {
  const file = await readBarFile(input);
  const table = tableOf(file, indicators, input);
  await writeTableFile(output, table);
  const rows = table[0]?.values.length ?? 0;
  const told = indicators.map(({ indicator, parameters, columns }) => ({
    name: indicator.name,
    parameters,
    columns,
    warmUp: indicator.warmUp(parameters),
    values: columns.map((name) => presentIn(table, name)),
  }));
  const lines = told.flatMap(({ columns, warmUp, values }) =>
    columns.map((name, index) => [name, String(warmUp), String(values[index])]),
  );
  context.answer({
    value: { input, output, rows, symbols: file.symbols.length, indicators: told },
    text: [tableText(['column', 'warm-up', 'values'], lines), rowsText(output, rows, file.symbols.length)].join('\n'),
  });
}

function rowsText(output: string, rows: number, symbols: number): string {
  return `${output}: ${rows} rows of ${symbols === 1 ? 'one symbol' : `${symbols} symbols`}`;
}

function tableOf({ stampName, symbols }: BarFile, chosen: readonly ChosenIndicator[], path: string): ColumnTable {
  const computed = symbols.map((bars) => chosen.map((one) => outputsOf(one, bars, path)));
  const named = symbols.some(({ symbol }) => symbol !== undefined);
  const keys: Column[] = [
    ...(named
      ? [
          text(
            'symbol',
            symbols.flatMap((bars) => Array.from(rowsOf(bars), () => bars.symbol ?? '')),
          ),
        ]
      : []),
    ...(stampName === undefined
      ? []
      : [
          text(
            stampName,
            symbols.flatMap(({ stamps }) => stamps ?? []),
          ),
        ]),
  ];
  const values = chosen.flatMap(({ columns }, place) =>
    columns.map((name, output): Column => {
      const parts = computed.map((outputs) => outputs[place]![output]!);
      return { name, type: 'double', values: joined(parts) };
    }),
  );
  return [...keys, ...values];
}

function outputsOf({ indicator, parameters }: ChosenIndicator, bars: FileBars, path: string): Columns {
  const inputs = indicator.inputs.map((field) => {
    const column = bars.columns[field];
    if (column) return column;
    const has = Object.keys(bars.columns).join(', ');
    throw new Failure('INDICATOR_INPUT_MISSING', `${indicator.name} reads ${field}; ${path} has ${has}`, {
      indicator: indicator.name,
      field,
      path,
    });
  });
  return computeIndicator(indicator, inputs, parameters);
}

function rowsOf({ columns }: FileBars): { readonly length: number } {
  return { length: Object.values(columns)[0]?.length ?? 0 };
}

function text(name: string, values: readonly string[]): Column {
  return { name, type: 'text', values };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Rows in which a column has a value. */
function presentIn(table: ColumnTable, name: string): number {
  const column = table.find((one) => one.name === name);
  return column?.type === 'double' ? column.values.filter((value) => !Number.isNaN(value)).length : 0;
}
