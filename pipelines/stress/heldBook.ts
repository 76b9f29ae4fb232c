import { marketSessions, marketSessionsMin } from '#domain/costs/marketOfBars.ts';
import { dollars, type Money } from '#domain/money.ts';
import type { HeldPosition } from '#domain/risk/exitOfBook.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { splitPrice } from '#domain/shareSplit.ts';
import { gapThroughStopFraction } from '#domain/stressScenarios.ts';
import { MarketCursor, type BarMarket, type SymbolBars } from '../backtest/barMarket.ts';
import type { BacktestResult } from '../backtest/playStrategy.ts';
import { sampleDeviation } from '../metrics/moments.ts';

/** What an account held, as far as stress asks; plain JSON. */
export interface HeldBook {
  /** The session at whose close most was held, long and short, of equity. */
  readonly session: SessionDate;
  readonly equityDollars: number;
  /** Then; a volume or deviation that the bars do not tell is null. */
  readonly positions: readonly BookPosition[];
  readonly stopGaps: StopGaps;
}

/** A position of the fullest book. */
export type BookPosition = Pick<HeldPosition, 'symbol' | 'value'> & {
  readonly [Figure in 'dailyValueTraded' | 'dailyVolatility']: number | null;
};

/** Openings beyond a stop, which then fills at the open and not at its price. */
export interface StopGaps {
  /** Openings of positions that were held overnight. */
  readonly openings: number;
  /** Those that passed a stop at the usual distance. */
  readonly through: number;
  /** The session on which such openings took most; null where none did. */
  readonly worst: {
    readonly session: SessionDate;
    readonly symbols: readonly string[];
    /** Change of equity, a fraction, by those positions. */
    readonly change: number;
    /** What it would have been had the stops filled at their prices. */
    readonly changeAtStops: number;
  } | null;
}

/**
 * The fullest book of an account that was played, and how its positions opened against their stops.
 * @param market that it was played in
 * @returns undefined where nothing was ever held at a close
 */
export function heldBook(result: BacktestResult, market: BarMarket): HeldBook | undefined {
  const holdings = new Holdings(result, market);
  let [fullest, session] = [0, undefined as SessionDate | undefined];
  let positions: readonly BookPosition[] = [];
  let equityDollars = 0;
  for (const [row, equity] of result.equity.entries()) {
    holdings.playSession(row);
    const gross = holdings.gross();
    if (equity <= 0 || gross / equity <= fullest) continue;
    [fullest, session, equityDollars] = [gross / equity, result.sessions[row]!, dollars(equity)];
    positions = holdings.positions();
  }
  return session === undefined ? undefined : { session, equityDollars, positions, stopGaps: holdings.stopGaps };
}

/** Shares by symbol, moved from session to session by what the result tells. */
class Holdings {
  stopGaps: StopGaps = { openings: 0, through: 0, worst: null };
  private readonly held: Float64Array;
  private readonly marks: Float64Array;
  private readonly cursor: MarketCursor;
  private readonly symbolAt: ReadonlyMap<string, number>;
  private nextFill = 0;
  private readonly result: BacktestResult;

  constructor(result: BacktestResult, market: BarMarket) {
    this.result = result;
    this.cursor = new MarketCursor(market);
    this.held = new Float64Array(market.symbols.length);
    this.marks = new Float64Array(market.symbols.length);
    this.symbolAt = new Map(market.symbols.map(({ symbol }, at) => [symbol, at]));
  }

  playSession(row: number): void {
    const { fills, sessions } = this.result;
    const session = sessions[row]!;
    this.cursor.moveTo(this.cursor.market.firstPlayed + row);
    this.book(session);
    if (row > 0) this.open(session, this.result.equity[row - 1]!);
    for (; fills[this.nextFill]?.session === session; this.nextFill += 1) {
      const { symbol, side, quantity } = fills[this.nextFill]!;
      this.held[this.symbolAt.get(symbol)!]! += (side === 'buy' ? 1 : -1) * quantity;
    }
    for (const [at, bars] of this.cursor.market.symbols.entries()) {
      const bar = this.cursor.newest[at]!;
      if (bar >= 0) this.marks[at] = bars.close[bar]!;
    }
  }

  gross(): number {
    return this.held.reduce((sum, quantity, at) => sum + Math.abs(quantity) * this.marks[at]!, 0);
  }

  positions(): readonly BookPosition[] {
    const { market, newest } = this.cursor;
    return Array.from(this.held).flatMap((quantity, at) => {
      if (quantity === 0) return [];
      const bars = market.symbols[at]!;
      const value = dollars((quantity * this.marks[at]!) as Money);
      return [{ symbol: bars.symbol, value, ...tradedBefore(bars, newest[at]!) }];
    });
  }

  /** Splits and ends of listings, before the open. */
  private book(session: SessionDate): void {
    const { market, row } = this.cursor;
    for (const { symbol, quantity } of this.result.splits.filter((one) => one.session === session)) {
      const at = this.symbolAt.get(symbol)!;
      const split = market.symbols[at]!.splits.get(row)!;
      this.held[at] = quantity;
      this.marks[at] = splitPrice(this.marks[at]! as Money, split);
    }
    for (const { symbol } of this.result.delistings.filter((one) => one.session === session)) {
      this.held[this.symbolAt.get(symbol)!] = 0;
    }
  }

  /** What opened beyond its stop; a dividend of the day is no fall. */
  private open(session: SessionDate, equity: number): void {
    const { market, row } = this.cursor;
    const symbols: string[] = [];
    let [openings, change, changeAtStops] = [0, 0, 0];
    for (const [at, bars] of market.symbols.entries()) {
      const bar = this.cursor.barNow(at);
      const [quantity, mark] = [this.held[at]!, this.marks[at]!];
      if (quantity === 0 || bar < 0) continue;
      openings += 1;
      const gap = bars.open[bar]! + (bars.dividends.get(row) ?? 0) * 10_000 - mark;
      const against = (-Math.sign(quantity) * gap) / mark;
      if (against <= gapThroughStopFraction) continue;
      symbols.push(bars.symbol);
      change += (quantity * gap) / equity;
      changeAtStops -= (Math.abs(quantity) * mark * gapThroughStopFraction) / equity;
    }
    const { worst } = this.stopGaps;
    const worse = symbols.length > 0 && change < (worst?.change ?? 0);
    this.stopGaps = {
      openings: this.stopGaps.openings + openings,
      through: this.stopGaps.through + symbols.length,
      worst: worse ? { session, symbols, change, changeAtStops } : worst,
    };
  }
}

/** Dollars traded a session and deviation of a session's return, of the newest quarter up to a bar. */
function tradedBefore(bars: SymbolBars, bar: number): Omit<BookPosition, 'symbol' | 'value'> {
  const from = Math.max(0, bar + 1 - marketSessions);
  const count = bar + 1 - from;
  if (count < marketSessionsMin) return { dailyValueTraded: null, dailyVolatility: null };
  const closes = bars.comparableClose.subarray(from, bar + 1);
  const returns = Float64Array.from(closes.subarray(1), (close, at) => close / closes[at]! - 1);
  let traded = 0;
  for (let at = from; at <= bar; at += 1) traded += bars.volume[at]! * dollars(bars.close[at]! as Money);
  return { dailyValueTraded: traded > 0 ? traded / count : null, dailyVolatility: sampleDeviation(returns) };
}
