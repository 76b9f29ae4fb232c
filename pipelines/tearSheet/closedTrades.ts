import type { SessionDate } from '#domain/sessionDate.ts';
import type { SheetCosts, SheetTrade } from './sheet.ts';

/** An execution, in dollars; what crosses a file or a chart needs no exact money. */
export interface SheetFill {
  readonly session: SessionDate;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** Positive. */
  readonly quantity: number;
  readonly priceDollars: number;
  /** Paid beside the price, by kind. */
  readonly costsDollars: Readonly<Record<string, number>>;
  /** What the price holds already, by kind, as half the spread: told among the costs, and never taken from a profit again. */
  readonly costsInPriceDollars: Readonly<Record<string, number>>;
}

/** What changes a position without an execution, before the fills of its session. */
export type SheetBooking =
  | {
      readonly kind: 'split';
      readonly session: SessionDate;
      readonly symbol: string;
      /** Signed shares after it. */
      readonly quantity: number;
      /** Received for the fraction of a share that was left. */
      readonly cashDollars: number;
    }
  /** The listing ended and each share was paid out, at nothing perhaps. */
  | {
      readonly kind: 'paidOut';
      readonly session: SessionDate;
      readonly symbol: string;
      readonly priceDollars: number;
    };

interface OpenTrade {
  readonly side: SheetTrade['side'];
  /** Signed shares held. */
  held: number;
  most: number;
  readonly openedOn: SessionDate;
  /** Received less paid, costs included. */
  cash: number;
  /** Notional of the fills that opened or added. */
  entered: number;
}

/** Shares under this are rounding: fractional shares are sums of floats. */
const flat = 1e-9;

/**
 * Trades from flat to flat. A fill that crosses zero closes one trade, which bears its costs, and opens the next; a
 * position that is still open is no trade. Dividends and interest are no part of a trade's profit.
 * @param fills oldest first
 * @param bookings oldest first of each kind; those of a session come before its fills
 * @returns in the order in which they closed
 * @throws RangeError for a quantity or price that is not positive
 */
export function closedTrades(
  fills: readonly SheetFill[],
  bookings: readonly SheetBooking[] = [],
): readonly SheetTrade[] {
  const positions = new OpenPositions();
  const waiting = bookings.toSorted((a, b) => (a.session < b.session ? -1 : a.session > b.session ? 1 : 0));
  let booked = 0;
  for (const fill of fills) {
    for (; booked < waiting.length && waiting[booked]!.session <= fill.session; booked += 1)
      positions.book(waiting[booked]!);
    positions.take(fill);
  }
  for (const booking of waiting.slice(booked)) positions.book(booking);
  return positions.closed;
}

/** Positions between flat and flat. */
class OpenPositions {
  readonly closed: SheetTrade[] = [];
  private readonly open = new Map<string, OpenTrade>();

  take(fill: SheetFill): void {
    const { symbol, side, quantity, priceDollars, session } = fill;
    if (!(quantity > 0 && priceDollars > 0)) throw new RangeError(`no fill: ${quantity} ${symbol} at ${priceDollars}`);
    const costs = Object.values(fill.costsDollars).reduce((sum, paid) => sum + paid, 0);
    let left = (side === 'buy' ? 1 : -1) * quantity;
    const standing = this.open.get(symbol);
    if (standing && Math.sign(standing.held) !== Math.sign(left)) {
      const taken = Math.sign(left) * Math.min(Math.abs(left), Math.abs(standing.held));
      standing.cash -= taken * priceDollars + costs;
      standing.held += taken;
      left -= taken;
      if (Math.abs(standing.held) < flat) this.close(symbol, session);
      if (Math.abs(left) >= flat) this.open.set(symbol, opened(fill, left, 0));
    } else if (standing) {
      standing.cash -= left * priceDollars + costs;
      standing.held += left;
      standing.entered += quantity * priceDollars;
      standing.most = Math.max(standing.most, Math.abs(standing.held));
    } else this.open.set(symbol, opened({ session, priceDollars }, left, costs));
  }

  /** What nobody opened here is unknown, and stays so. */
  book(booking: SheetBooking): void {
    const { symbol, session } = booking;
    const standing = this.open.get(symbol);
    if (!standing) return;
    if (booking.kind === 'paidOut') {
      standing.cash += standing.held * booking.priceDollars;
      this.close(symbol, session);
      return;
    }
    standing.cash += booking.cashDollars;
    if (booking.quantity === 0) {
      this.close(symbol, session);
      return;
    }
    // What was held at most, in shares as they are from now on.
    const before = Math.abs(standing.held);
    const after = Math.abs(booking.quantity);
    standing.most = standing.most === before ? after : (standing.most * after) / before;
    standing.held = booking.quantity;
  }

  private close(symbol: string, session: SessionDate): void {
    const { side, most, openedOn, cash, entered } = this.open.get(symbol)!;
    this.open.delete(symbol);
    const [profitDollars, profitFraction] = [cash, cash / entered];
    this.closed.push({ symbol, side, quantity: most, openedOn, closedOn: session, profitDollars, profitFraction });
  }
}

function opened(
  { session, priceDollars }: Pick<SheetFill, 'session' | 'priceDollars'>,
  held: number,
  costs: number,
): OpenTrade {
  const [side, most] = [held > 0 ? ('long' as const) : ('short' as const), Math.abs(held)];
  return { side, held, most, openedOn: session, cash: -held * priceDollars - costs, entered: most * priceDollars };
}

/** What fills cost, by kind, and what they traded. */
export function costsOfFills(fills: readonly SheetFill[]): SheetCosts {
  const dollars: Record<string, number> = {};
  let tradedDollars = 0;
  for (const { quantity, priceDollars, costsDollars, costsInPriceDollars } of fills) {
    tradedDollars += quantity * priceDollars;
    for (const [kind, paid] of Object.entries({ ...costsDollars, ...costsInPriceDollars }))
      dollars[kind] = (dollars[kind] ?? 0) + paid;
  }
  return { dollars, tradedDollars };
}
