import type { Command } from 'commander';
import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import { readBarFile, type BarFile, type FileBars } from '#infra/fileDrop/barFile.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import { chosenIndicators, type ChosenIndicator } from '#pipelines/indicators/chosenIndicators.ts';
import { computeIndicator } from '#pipelines/indicators/computeIndicator.ts';
import type { Columns } from '#pipelines/indicators/indicator.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { cachedFeatures } from './cachedFeatures.ts';
import { compiledDeclaration, computeDeclared, type DeclaredRequest } from './declaredFeatures.ts';
import { declaredReport, presentIn } from './declaredReport.ts';
import { addSourceOptions, originOf, type SourceOptions } from './sourceOptions.ts';

interface ComputeOptions extends SourceOptions {
  readonly indicators?: readonly ChosenIndicator[];
  readonly declaration?: string;
  readonly output: string;
  readonly cache: boolean;
}

/** `features compute`: indicators of a file of bars, or declared features of bars or events, written beside their times. */
export function registerFeaturesCompute(features: Command, context: CommandContext): void {
  const compute = features
    .command('compute')
    .description('compute indicators or declared features of bars in a file; prices are taken as they are')
    .option('--indicators <list>', "e.g. 'RSI(14),MACD(12,26,9)': see `features list`", chosenIndicators)
    .option('--declaration <file>', 'YAML of features: names, kinds, inputs, parameters, timeframes');
  addSourceOptions(compute)
    .requiredOption('--output <file>', 'FILE.csv or FILE.parquet; empty (NaN) while an indicator warms up')
    .option('--no-cache', 'with a declaration: compute anew what the same bytes gave before')
    .action(async ({ indicators, declaration, output, cache, ...source }: ComputeOptions) => {
      if ((indicators === undefined) === (declaration === undefined)) {
        throw new Failure('COMMAND_UNKNOWN', 'give either --indicators or --declaration', {});
      }
      const origin = originOf(source);
      if (declaration !== undefined) {
        const request = { origin, declaration, observations: source.observations };
        await computeOfDeclaration(context, request, { output, isCached: cache });
        return;
      }
      if (origin.kind === 'events') {
        throw new Failure(
          'COMMAND_UNKNOWN',
          '--events go with --declaration: its timeframe says which bars to make',
          {},
        );
      }
      await computeIndicators(context, { input: origin.path, indicators: indicators!, output });
    });
}

async function computeOfDeclaration(
  context: CommandContext,
  request: DeclaredRequest,
  { output, isCached }: { readonly output: string; readonly isCached: boolean },
): Promise<void> {
  const declaration = await compiledDeclaration(request.declaration);
  const { table, cache } = isCached
    ? await cachedFeatures(context, declaration, request)
    : { table: await computeDeclared(declaration, request), cache: 'off' as const };
  await writeTableFile(output, table);
  const report = declaredReport(declaration.plan, table, request);
  const text = cache === 'read' ? `${report.text}, read from the cache` : report.text;
  context.answer({ value: { ...report.value, output, cache }, text: `${text}: ${output}` });
}

async function computeIndicators(
  context: CommandContext,
  {
    input,
    indicators,
    output,
  }: { readonly input: string; readonly indicators: readonly ChosenIndicator[]; readonly output: string },
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
