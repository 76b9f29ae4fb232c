import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { dollars } from '#domain/money.ts';
import type { BarMarket } from '#pipelines/backtest/barMarket.ts';
import type { BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import { playedActivity } from '#pipelines/tearSheet/playedActivity.ts';
import type { SheetCurve } from '../tearSheet/writtenSheet.ts';

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

/** Simple daily returns, exposure and turnover, fractions: as `plimsoll tearsheet --returns` reads them. */
export function returnTable({ sessions, returns, bySession }: BacktestResult): ColumnTable {
  return [
    text('date', sessions),
    figures('return', returns),
    figures('exposure', bySession.exposure),
    figures('turnover', bySession.turnover),
  ];
}

/** The curve of an account that was played, for a tear sheet. */
export function playedCurve(result: BacktestResult, market: BarMarket): SheetCurve {
  return {
    sessions: result.sessions,
    strategy: Array.from(result.returns),
    benchmark: { unknown: 'a backtest is held against none; `plimsoll tearsheet --benchmark` does it.' },
    windows: { unknown: 'a backtest is played over all its sessions at once.' },
    ...playedActivity(result, market),
  };
}

function text(name: string, values: readonly string[]): Column {
  return { name, type: 'text', values };
}

function figures(name: string, values: ArrayLike<number>): Column {
  return { name, type: 'double', values: Float64Array.from(values) };
}
