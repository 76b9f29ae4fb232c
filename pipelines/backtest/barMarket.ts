import type { DailyBars } from '#domain/bars.ts';
import { impliedDividends } from '#domain/dividends.ts';
import { moneyFromDollars, type Money } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { splitOfRatio, type ShareSplit } from '#domain/shareSplit.ts';
import { unionOfSessions } from '../sessionSpan.ts';

/** Bars of one symbol on the rows of a market; columns of equal length, oldest first, only sessions with a bar. */
export interface SymbolBars {
  readonly symbol: string;
  /** Shape [bars]: the market's session that the bar belongs to, ascending. */
  readonly at: Int32Array;
  /** Shape [bars] each: whole ten-thousandths of a dollar, as printed. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Shape [bars], in the shares of the symbol's first bar: without a jump where shares split. */
  readonly comparableClose: Float64Array;
  /** Shape [bars], shares. */
  readonly volume: Float64Array;
  /** By session: dollars paid for each share held at the close before. */
  readonly dividends: ReadonlyMap<number, number>;
  /** By session, before whose open it takes effect. */
  readonly splits: ReadonlyMap<number, ShareSplit>;
}

/** Bars of every symbol laid over one row of sessions. */
export interface BarMarket {
  /** Ascending: those before the first that is played, then those played. */
  readonly sessions: readonly SessionDate[];
  /** Index of the first session that is played. */
  readonly firstPlayed: number;
  /** By name, so that nothing depends on the order in which files were read. */
  readonly symbols: readonly SymbolBars[];
}

/** What is laid out. */
export interface MarketRequest {
  /** One entry a symbol: raw prices with actions, or prices adjusted for splits. */
  readonly bars: readonly DailyBars[];
  /** Sessions to play, ascending; bars of others after the first of them are left out. Absent: all there are. */
  readonly sessions?: readonly SessionDate[];
  /** `credited` pays dividends in cash: those of the actions, else those that adjusted closes imply. */
  readonly dividends: 'credited' | 'ignored';
}

/**
 * Lays bars out for an account to be played on; prices are rounded to ten-thousandths of a dollar.
 * @throws RangeError for a symbol that comes twice, a split that is none, or a price too large to hold exactly
 */
export function layOutMarket({ bars, sessions, dividends }: MarketRequest): BarMarket {
  if (new Set(bars.map(({ symbol }) => symbol)).size < bars.length)
    throw new RangeError('a symbol has two sets of bars');
  const all = unionOfSessions(distinctSessions(bars));
  const played = sessions ?? all;
  const before = played.length === 0 ? [] : all.filter((session) => session < played[0]!);
  const rows = [...before, ...played];
  const rowOf = new Map(rows.map((session, row) => [session, row]));
  const places = new Map<readonly SessionDate[], Placing>();
  return {
    sessions: rows,
    firstPlayed: before.length,
    symbols: bars.toSorted(byName).map((one) => {
      let placing = places.get(one.sessions);
      if (!placing) places.set(one.sessions, (placing = place(one.sessions, rowOf)));
      return symbolBars(one, placing, dividends);
    }),
  };
}

function byName(a: DailyBars, b: DailyBars): number {
  return a.symbol < b.symbol ? -1 : 1;
}

/** Lists of sessions, each once where symbols share one. */
function distinctSessions(bars: readonly DailyBars[]): readonly { readonly sessions: readonly SessionDate[] }[] {
  return [...new Set(bars.map((one) => one.sessions))].map((sessions) => ({ sessions }));
}

/** Where bars go. */
interface Placing {
  readonly at: Int32Array;
  /** Shape [placed]: rows of the bars; undefined where all of them are placed. */
  readonly rows: Int32Array | undefined;
  readonly rowOf: ReadonlyMap<SessionDate, number>;
}

function place(sessions: readonly SessionDate[], rowOf: ReadonlyMap<SessionDate, number>): Placing {
  const found = sessions.map((session) => rowOf.get(session) ?? -1);
  const rows = Int32Array.from(found.keys()).filter((row) => found[row]! >= 0);
  const at = Int32Array.from(rows, (row) => found[row]!);
  if (at.some((row, index) => index > 0 && row <= at[index - 1]!)) throw new RangeError('bars are not in order');
  return { at, rows: rows.length === sessions.length ? undefined : rows, rowOf };
}

function symbolBars(bars: DailyBars, { at, rows, rowOf }: Placing, dividends: MarketRequest['dividends']): SymbolBars {
  const prices = (column: Float64Array): Float64Array => {
    const placed = new Float64Array(at.length);
    for (let index = 0; index < placed.length; index += 1) {
      placed[index] = moneyFromDollars(column[rows ? rows[index]! : index]!);
    }
    return placed;
  };
  const close = prices(bars.close);
  const splits = splitsOf(bars, rowOf);
  return {
    symbol: bars.symbol,
    at,
    open: prices(bars.open),
    high: prices(bars.high),
    low: prices(bars.low),
    close,
    comparableClose: comparable(close, at, splits),
    volume: rows ? Float64Array.from(rows, (row) => bars.volume[row]!) : bars.volume,
    dividends: dividends === 'credited' ? dividendsOf(bars, rowOf) : new Map(),
    splits,
  };
}

function dividendsOf(bars: DailyBars, rowOf: ReadonlyMap<SessionDate, number>): ReadonlyMap<number, number> {
  const paid = bars.actions
    ? bars.sessions.map((session, row) => [session, bars.actions!.dividend[row]!] as const)
    : [...impliedDividends(bars)];
  return new Map(
    paid.flatMap(([session, dollars]) => {
      const row = rowOf.get(session);
      return row === undefined || dollars === 0 ? [] : [[row, dollars] as const];
    }),
  );
}

function splitsOf({ actions, sessions }: DailyBars, rowOf: ReadonlyMap<SessionDate, number>): SymbolBars['splits'] {
  const splits = new Map<number, ShareSplit>();
  for (const [row, session] of sessions.entries()) {
    const ratio = actions?.splitRatio[row] ?? 1;
    const at = rowOf.get(session);
    if (ratio !== 1 && at !== undefined) splits.set(at, splitOfRatio(ratio));
  }
  return splits;
}

function comparable(close: Float64Array, at: Int32Array, splits: SymbolBars['splits']): Float64Array {
  if (splits.size === 0) return close;
  let shares = 1;
  return close.map((price, index) => {
    const split = splits.get(at[index]!);
    if (split) shares *= split.to / split.from;
    return price * shares;
  });
}

/** Where time stands in a market: which bars have printed by now. */
export class MarketCursor {
  readonly market: BarMarket;
  /** Shape [symbols]: index of the newest bar at or before the session; -1 where none is. */
  readonly newest: Int32Array;
  private now = -1;

  constructor(market: BarMarket) {
    this.market = market;
    this.newest = new Int32Array(market.symbols.length).fill(-1);
  }

  /** Row of the session. */
  get row(): number {
    return this.now;
  }

  /** Goes to a session. @param row not before the one it stands at */
  moveTo(row: number): void {
    this.now = row;
    const { symbols } = this.market;
    for (let symbol = 0; symbol < symbols.length; symbol += 1) {
      const { at } = symbols[symbol]!;
      let bar = this.newest[symbol]!;
      while (bar + 1 < at.length && at[bar + 1]! <= row) bar += 1;
      this.newest[symbol] = bar;
    }
  }

  /** Index of the bar that a symbol prints in the session; -1 where it prints none. */
  barNow(symbol: number): number {
    const bar = this.newest[symbol]!;
    return bar >= 0 && this.market.symbols[symbol]!.at[bar] === this.now ? bar : -1;
  }

  /** Index of the newest bar before the session; -1 where none is. */
  barBefore(symbol: number): number {
    return this.barNow(symbol) >= 0 ? this.newest[symbol]! - 1 : this.newest[symbol]!;
  }

  /** The newest close before the session; undefined where none is. */
  closeBefore(symbol: number): Money | undefined {
    const bar = this.barBefore(symbol);
    return bar < 0 ? undefined : (this.market.symbols[symbol]!.close[bar] as Money);
  }
}
