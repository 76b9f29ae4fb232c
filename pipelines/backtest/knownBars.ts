import { money, type Money } from '#domain/money.ts';
import type { PlayedAccount } from './account.ts';
import type { MarketCursor, SymbolBars } from './barMarket.ts';
import type { BarHistory } from './strategy.ts';

/** The bars of a market as far as they are known: those of the session itself once it has closed. */
export class KnownBars implements BarHistory {
  /** Whether the session has closed. */
  closed = false;
  private readonly cursor: MarketCursor;
  private readonly account: PlayedAccount;

  constructor(cursor: MarketCursor, account: PlayedAccount) {
    this.cursor = cursor;
    this.account = account;
  }

  count(symbol: number): number {
    return this.newest(symbol) + 1;
  }

  printed(symbol: number): boolean {
    const bar = this.newest(symbol);
    return bar >= 0 && this.bars(symbol).at[bar] === (this.closed ? this.cursor.row : this.cursor.row - 1);
  }

  open(symbol: number, back = 0): number {
    return this.comparable(symbol, back, this.bars(symbol).open);
  }

  high(symbol: number, back = 0): number {
    return this.comparable(symbol, back, this.bars(symbol).high);
  }

  low(symbol: number, back = 0): number {
    return this.comparable(symbol, back, this.bars(symbol).low);
  }

  close(symbol: number, back = 0): number {
    const bar = this.newest(symbol) - back;
    return bar < 0 || back < 0 ? Number.NaN : this.bars(symbol).comparableClose[bar]!;
  }

  volume(symbol: number, back = 0): number {
    const bar = this.newest(symbol) - back;
    return bar < 0 || back < 0 ? Number.NaN : this.bars(symbol).volume[bar]!;
  }

  priceToday(symbol: number, price: number): Money {
    const mark = this.account.mark(symbol);
    const close = this.close(symbol);
    return money(Math.max(1, Math.round(mark === undefined ? price : price * (mark / close))));
  }

  private comparable(symbol: number, back: number, column: Float64Array): number {
    const bar = this.newest(symbol) - back;
    if (bar < 0 || back < 0) return Number.NaN;
    const { close, comparableClose } = this.bars(symbol);
    return close === comparableClose ? column[bar]! : column[bar]! * (comparableClose[bar]! / close[bar]!);
  }

  private newest(symbol: number): number {
    return this.closed ? this.cursor.newest[symbol]! : this.cursor.barBefore(symbol);
  }

  private bars(symbol: number): SymbolBars {
    return this.cursor.market.symbols[symbol]!;
  }
}
