import { money, type Money, type Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { ShareSplit } from '#domain/shareSplit.ts';
import type { PlayedAccount } from './account.ts';
import type { BarMarket, MarketCursor } from './barMarket.ts';
import type { Venue } from './venue.ts';

/** A listing that ends: before the open of a session each share is paid out. */
export interface Delisting {
  readonly symbol: string;
  readonly session: SessionDate;
  /** What a share is paid, as in a merger for cash; absent: the last close. */
  readonly price?: Money;
}

/** A position that a listing's end paid out. */
export interface DelistingPaid {
  readonly symbol: string;
  readonly session: SessionDate;
  /** Negative for a short. */
  readonly quantity: Shares;
  readonly price: Money;
  /** Where the price comes from. */
  readonly basis: 'stated' | 'lastClose';
}

/** A position whose shares were split. */
export interface SplitBooked {
  readonly symbol: string;
  /** Before whose open. */
  readonly session: SessionDate;
  /** Shares after it, negative for a short. */
  readonly quantity: Shares;
  /** For the fraction of a share that was left. */
  readonly cashInLieu: Money;
}

/** What was booked without an execution, in ten-thousandths of a dollar. */
export interface Booked {
  readonly delistings: DelistingPaid[];
  readonly splits: SplitBooked[];
  dividends: number;
  cashInLieu: number;
  financing: number;
  borrow: number;
}

/** Listings that end in bars: a symbol whose bars stop before the market's last session, by as much or more. */
export function endedListings({ symbols, sessions }: BarMarket, quietSessions = 5): readonly Delisting[] {
  return symbols.flatMap(({ symbol, at }) => {
    const last = at.at(-1);
    const after = last === undefined ? undefined : sessions[last + 1];
    return after === undefined || sessions.length - 1 - last! < quietSessions ? [] : [{ symbol, session: after }];
  });
}

/**
 * What is booked before the open: interest since the session before, dividends to who held the shares at its close,
 * splits, and the ends of listings.
 */
export function beginSession(
  {
    cursor,
    account,
    venue,
    delistings,
  }: {
    readonly cursor: MarketCursor;
    readonly account: PlayedAccount;
    readonly venue: Venue;
    readonly delistings: readonly Delisting[];
  },
  booked: Booked,
): void {
  const { market, row } = cursor;
  const session = market.sessions[row]!;
  if (account.borrows && row > 0) {
    const { financing, borrow } = account.payCarry(daysBetween(market.sessions[row - 1]!, session));
    booked.financing += financing;
    booked.borrow += borrow;
  }
  const splits = new Map<number, ShareSplit>();
  for (let symbol = 0; symbol < market.symbols.length; symbol += 1) {
    const bars = market.symbols[symbol]!;
    const split = bars.splits.size === 0 ? undefined : bars.splits.get(row);
    const dividendDollars = bars.dividends.size === 0 ? undefined : bars.dividends.get(row);
    if (split === undefined && dividendDollars === undefined) continue;
    const held = account.held(symbol);
    const { quantity, cashInLieu, dividend } = account.takeActions(symbol, split, dividendDollars);
    booked.cashInLieu += cashInLieu;
    booked.dividends += dividend;
    if (split === undefined) continue;
    splits.set(symbol, split);
    if (held !== 0) booked.splits.push({ symbol: bars.symbol, session, quantity, cashInLieu });
  }
  venue.begin(splits);
  for (const { symbol: name, price } of delistings.filter((one) => one.session === session)) {
    const symbol = market.symbols.findIndex((one) => one.symbol === name);
    const last = symbol < 0 ? undefined : account.mark(symbol);
    if (last === undefined) continue;
    venue.endListing(symbol);
    const paid = price ?? last;
    const quantity = account.payOut(symbol, paid);
    const basis = price === undefined ? 'lastClose' : 'stated';
    if (quantity !== 0) booked.delistings.push({ symbol: name, session, quantity, price: money(paid), basis });
  }
}

const dayMs = 86_400_000;

function daysBetween(from: SessionDate, to: SessionDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs);
}
