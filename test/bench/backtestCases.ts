import { readFileSync } from 'node:fs';
import type { DailyBars } from '#domain/bars.ts';
import { money, moneyFromDollars, notional, shares } from '#domain/money.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { layOutMarket, type BarMarket } from '#pipelines/backtest/barMarket.ts';
import { crossingHoldings, fastBacktest } from '#pipelines/backtest/fastBacktest.ts';
import { playStrategy } from '#pipelines/backtest/playStrategy.ts';
import { smaCross } from '#pipelines/strategies/smaCross.ts';

/** Sessions a symbol in the file of returns that the peers use. */
export const sessionsOfFile = 5_000;

/** What a run came to. */
export interface CrossingOutcome {
  readonly fills: number;
  /** Dollars. */
  readonly pnl: number;
}

const cash = moneyFromDollars(1_000_000_000);
const rates = { halfSpreadBasisPoints: 0, commissionBasisPoints: 10 };
const [fast, slow, quantity] = [20, 50, 100];

/**
 * Bars that grow from 100 by a file of 16-bit returns in hundred-thousandths, shape [symbols, sessions]: each opens
 * where it closed before, so that an order meets the price it was decided at.
 */
export function crossingBars(file: string, symbols: number, sessions = sessionsOfFile): readonly DailyBars[] {
  const bytes = readFileSync(file);
  const dates = weekdaysFrom(Date.UTC(2005, 0, 3), sessions);
  return Array.from({ length: symbols }, (_, symbol) => {
    const close = new Float64Array(sessions);
    let price = 100;
    for (let row = 0; row < sessions; row += 1) {
      if (row > 0) price *= 1 + bytes.readInt16LE((symbol * sessionsOfFile + row) * 2) / 100_000;
      close[row] = Math.floor(price * 10_000 + 0.5) / 10_000;
    }
    const open = close.map((value, row) => (row === 0 ? value : close[row - 1]!));
    return {
      symbol: `S${String(symbol).padStart(3, '0')}`,
      sessions: dates,
      open,
      high: open.map((value, row) => Math.max(value, close[row]!)),
      low: open.map((value, row) => Math.min(value, close[row]!)),
      close,
      adjustedClose: close,
      volume: new Float64Array(sessions).fill(1_000_000),
    };
  });
}

/** The event core from bars to money: 100 shares a symbol, long from cross to cross, 10 basis points a side. */
export function crossByEvents(bars: readonly DailyBars[]): CrossingOutcome {
  const strategy = smaCross.create({ bars, parameters: { fast, slow, shares: quantity } });
  const market = layOutMarket({ bars, dividends: 'ignored' });
  const { trades, equity } = playStrategy({ market, strategy, cash, rates });
  return { fills: trades, pnl: (equity.at(-1)! - cash) / 10_000 };
}

/** The same over columns that are laid out already, as those of the peer are. */
export function crossByColumns(market: BarMarket): CrossingOutcome {
  const holdings = market.symbols.map(({ close }) => crossingHoldings(close, { fast, slow, quantity }));
  const { trades, equity } = fastBacktest({ market, holdings, cash, rates });
  return { fills: trades, pnl: (equity.at(-1)! - cash) / 10_000 };
}

/** Columns of bars, for the fast path. */
export function crossingMarket(bars: readonly DailyBars[]): BarMarket {
  return layOutMarket({ bars, dividends: 'ignored' });
}

/** How far two sums of so many fills may lie apart, dollars: each of ours is rounded up to a ten-thousandth. */
export function roundingOf({ fills }: CrossingOutcome): number {
  return (notional(money(1), shares(fills)) + 1) / 10_000;
}

function weekdaysFrom(firstMs: number, count: number): readonly SessionDate[] {
  const sessions: SessionDate[] = [];
  for (let atMs = firstMs; sessions.length < count; atMs += 86_400_000) {
    const day = new Date(atMs).getUTCDay();
    if (day !== 0 && day !== 6) sessions.push(sessionDate(new Date(atMs).toISOString().slice(0, 10)));
  }
  return sessions;
}
