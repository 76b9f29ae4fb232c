import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { ColumnTable } from '#domain/columnTable.ts';
import { Failure } from '#domain/failure.ts';
import { dollars } from '#domain/money.ts';
import { writeTableFile } from '#infra/files/tableFile.ts';
import type { BarMarket } from '#pipelines/backtest/barMarket.ts';
import { playStrategy, type BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import { figureLabel, figureOrder, figureText } from '#pipelines/figureText.ts';
import { returnFigures } from '#pipelines/metrics.ts';
import { tableText } from '../../answer.ts';
import { addStrategyOptions, chosenStrategy, type StrategyOptions } from '../../backtest/chosenStrategy.ts';
import { addPlayOptions, playRequest, type PlayOptions } from '../../backtest/playOptions.ts';
import { addBarSource, sourcedBars, type BarSourceOptions } from '../../backtest/barSource.ts';
import { equityTable, fillTable, playedCurve, returnTable } from '../../backtest/resultTables.ts';
import type { CommandContext } from '../../context.ts';
import { moneyText } from '../../figureText.ts';
import { usualSimulation, writtenSheet } from '../../tearSheet/writtenSheet.ts';

interface RunOptions extends StrategyOptions, PlayOptions, BarSourceOptions {
  readonly output?: string;
  readonly tearsheet?: string;
}

/** `backtest run`, which is `backtest` alone: plays a strategy on a file of bars and tells every figure of it. */
export function registerBacktestRun(backtest: Command, context: CommandContext): void {
  const command = backtest
    .command('run', { isDefault: true })
    .description('play a strategy on daily bars of a file or a snapshot; prices are taken as they are')
    .option('--output <folder>', 'writes fills.csv, equity.csv and returns.csv there')
    .option('--tearsheet <file>', 'writes FILE.html, a page of pictures and figures, and FILE.json beside it');
  addPlayOptions(addBarSource(addStrategyOptions(command))).action(async (options: RunOptions) => {
    const chosen = await chosenStrategy(options);
    const { bars, input } = await sourcedBars(context, options);
    const request = playRequest(bars, options);
    const result = playStrategy({ ...request, strategy: chosen.create(bars) });
    const files = [
      ...(options.output === undefined ? [] : await written(options.output, result)),
      ...(options.tearsheet === undefined
        ? []
        : await sheetOf(options.tearsheet, { result, market: request.market }, { strategy: options.strategy, input })),
    ];
    const figures = returnFigures(result.returns);
    const told = {
      strategy: chosen.definition.name,
      parameters: chosen.parameters,
      input,
      symbols: bars.length,
      bars: bars.reduce((sum, { sessions }) => sum + sessions.length, 0),
      from: result.sessions[0] ?? null,
      to: result.sessions.at(-1) ?? null,
    };
    context.answer({
      value: { ...told, ...accountOf(result, options.cash), metrics: figures, files },
      text: [
        tableText(
          ['', chosen.definition.name],
          [
            ...figureOrder
              .filter((name) => figures[name] !== null)
              .map((name) => [figureLabel(name), figureText(name, figures[name])]),
            ...accountRows(result),
          ],
        ),
        '',
        `${told.bars} bars of ${bars.length} symbols, ${told.from} to ${told.to}${parameterText(chosen.parameters)}`,
        ...files,
      ].join('\n'),
    });
  });
}

function accountOf(result: BacktestResult, cash: number): object {
  return {
    cash,
    finalEquity: result.equity.length === 0 ? cash : dollars(result.equity.at(-1)!),
    orders: result.orders.length,
    trades: result.trades,
    turnover: result.turnover,
    exposure: result.exposure,
    costs: dollars(result.costs),
    dividends: dollars(result.dividends),
    cashInLieu: dollars(result.cashInLieu),
    financing: dollars(result.financing),
    borrow: dollars(result.borrow),
    unfilledShares: result.unfilledShares,
    sameCloseFills: result.sameCloseFills,
    unmeasuredFills: result.unmeasuredFills,
    delistings: result.delistings.map((one) => ({ ...one, price: dollars(one.price) })),
  };
}

function accountRows(result: BacktestResult): readonly (readonly string[])[] {
  const rows: readonly (readonly [string, string])[] = [
    ['Final equity', moneyText(result.equity.at(-1) ?? 0)],
    [figureLabel('trades'), String(result.trades)],
    [figureLabel('turnover'), figureText('turnover', result.turnover)],
    [figureLabel('exposure'), figureText('exposure', result.exposure)],
    [figureLabel('costsDollars'), moneyText(result.costs)],
    [figureLabel('dividendsDollars'), moneyText(result.dividends)],
    ['Financing and borrow', moneyText(result.financing + result.borrow)],
    ['Shares not filled', String(result.unfilledShares)],
  ];
  const delisted = result.delistings.map(
    ({ symbol, session, quantity, price, basis }) =>
      [
        `Delisted ${symbol}`,
        `${session}: ${quantity} shares at ${moneyText(price)}, ${basis === 'stated' ? 'as stated' : 'the last close'}`,
      ] as const,
  );
  const peeked =
    result.sameCloseFills > 0 ? [['Fills at a close already seen', String(result.sameCloseFills)] as const] : [];
  const unmeasured =
    result.unmeasuredFills > 0
      ? [['Fills at fixed costs, too little known', String(result.unmeasuredFills)] as const]
      : [];
  return [...rows, ...delisted, ...peeked, ...unmeasured];
}

function parameterText(parameters: Readonly<Record<string, number>>): string {
  const told = Object.entries(parameters).map(([name, value]) => `${name} ${Number(value.toFixed(4))}`);
  return told.length === 0 ? '' : `; ${told.join(', ')}`;
}

async function sheetOf(
  output: string,
  { result, market }: { readonly result: BacktestResult; readonly market: BarMarket },
  { strategy, input }: { readonly strategy: string; readonly input: string },
): Promise<readonly string[]> {
  const subject = { title: strategy, subtitle: path.basename(input), curve: playedCurve(result, market) };
  const { html, json } = await writtenSheet(output, { ...subject, simulation: usualSimulation });
  return [html, json];
}

async function written(folder: string, result: BacktestResult): Promise<readonly string[]> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${folder}: ${(error as Error).message}`, { path: folder }, { cause: error });
  }
  const tables: readonly (readonly [string, ColumnTable])[] = [
    ['fills.csv', fillTable(result)],
    ['equity.csv', equityTable(result)],
    ['returns.csv', returnTable(result)],
  ];
  const files: string[] = [];
  for (const [name, table] of tables) {
    const file = path.join(folder, name);
    await writeTableFile(file, table);
    files.push(file);
  }
  return files;
}
