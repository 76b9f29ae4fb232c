import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { dollars } from '#domain/money.ts';
import type { BacktestResult } from '#pipelines/backtest/playStrategy.ts';

/** Executions, a row each: prices and amounts in dollars. */
export function fillTable({ fills }: BacktestResult): ColumnTable {
  return [
    text(
      'date',
      fills.map(({ session }) => session),
    ),
    text(
      'at',
      fills.map(({ at }) => at),
    ),
    text(
      'symbol',
      fills.map(({ symbol }) => symbol),
    ),
    text(
      'side',
      fills.map(({ side }) => side),
    ),
    figures(
      'quantity',
      fills.map(({ quantity }) => quantity),
    ),
    figures(
      'price',
      fills.map(({ price }) => dollars(price)),
    ),
    figures(
      'commission',
      fills.map(({ commission }) => dollars(commission)),
    ),
    figures(
      'slippage',
      fills.map(({ slippage }) => dollars(slippage)),
    ),
    figures(
      'order',
      fills.map(({ order }) => order),
    ),
  ];
}

/** Equity at each close, dollars. */
export function equityTable({ sessions, equity }: BacktestResult): ColumnTable {
  return [text('date', sessions), figures('equity', equity.map(dollars))];
}

/** Simple daily returns, fractions: as `plimsoll metrics --returns` reads them. */
export function returnTable({ sessions, returns }: BacktestResult): ColumnTable {
  return [text('date', sessions), figures('return', returns)];
}

function text(name: string, values: readonly string[]): Column {
  return { name, type: 'text', values };
}

function figures(name: string, values: ArrayLike<number>): Column {
  return { name, type: 'double', values: Float64Array.from(values) };
}
