import type { Column, ColumnTable } from '#domain/columnTable.ts';
import { dollars, money } from '#domain/money.ts';
import type { BarMarket } from '#pipelines/backtest/barMarket.ts';
import type { BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import { playedActivity } from '#pipelines/tearSheet/playedActivity.ts';
import type { SheetCurve } from '../tearSheet/writtenSheet.ts';

/** Executions, a row each: prices and amounts in dollars. Where impact is modelled, slippage is what the spread made. */
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
      fills.map(({ slippage, impact }) => dollars(money(slippage - (impact ?? 0)))),
    ),
    ...impactColumn(fills),
    figures(
      'order',
      fills.map(({ order }) => order),
    ),
  ];
}

/** What orders' own sizes moved their prices by, where that was modelled. */
function impactColumn(fills: BacktestResult['fills']): readonly Column[] {
  const known = fills.flatMap(({ impact }) => (impact === undefined ? [] : [dollars(impact)]));
  return known.length === 0 ? [] : [figures('impact', known)];
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
