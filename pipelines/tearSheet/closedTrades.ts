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
}

interface OpenTrade {
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
 * position that is still open is no trade.
 * @param fills oldest first
 * @returns in the order in which they closed
 * @throws RangeError for a quantity or price that is not positive
 */
export function closedTrades(fills: readonly SheetFill[]): readonly SheetTrade[] {
  const open = new Map<string, OpenTrade>();
  const closed: SheetTrade[] = [];
  for (const fill of fills) {
    const { symbol, side, quantity, priceDollars, session } = fill;
    if (!(quantity > 0 && priceDollars > 0)) throw new RangeError(`no fill: ${quantity} ${symbol} at ${priceDollars}`);
    const costs = Object.values(fill.costsDollars).reduce((sum, paid) => sum + paid, 0);
    let left = (side === 'buy' ? 1 : -1) * quantity;
    const standing = open.get(symbol);
    if (standing && Math.sign(standing.held) !== Math.sign(left)) {
      const taken = Math.sign(left) * Math.min(Math.abs(left), Math.abs(standing.held));
      standing.cash -= taken * priceDollars + costs;
      standing.held += taken;
      left -= taken;
      if (Math.abs(standing.held) < flat) {
        closed.push(tradeOf(fill, standing));
        open.delete(symbol);
      }
      if (Math.abs(left) >= flat) open.set(symbol, opened(fill, left, 0));
    } else if (standing) {
      standing.cash -= left * priceDollars + costs;
      standing.held += left;
      standing.entered += quantity * priceDollars;
      standing.most = Math.abs(standing.held);
    } else open.set(symbol, opened({ session, priceDollars }, left, costs));
  }
  return closed;
}

/** What fills cost, by kind, and what they traded. */
export function costsOfFills(fills: readonly SheetFill[]): SheetCosts {
  const dollars: Record<string, number> = {};
  let tradedDollars = 0;
  for (const { quantity, priceDollars, costsDollars } of fills) {
    tradedDollars += quantity * priceDollars;
    for (const [kind, paid] of Object.entries(costsDollars)) dollars[kind] = (dollars[kind] ?? 0) + paid;
  }
  return { dollars, tradedDollars };
}

function opened(
  { session, priceDollars }: Pick<SheetFill, 'session' | 'priceDollars'>,
  held: number,
  costs: number,
): OpenTrade {
  const entered = Math.abs(held) * priceDollars;
  return { held, most: Math.abs(held), openedOn: session, cash: -held * priceDollars - costs, entered };
}

/** The fill that closed it was a sale: it was long. */
function tradeOf({ symbol, side, session }: SheetFill, { most, openedOn, cash, entered }: OpenTrade): SheetTrade {
  return {
    symbol,
    side: side === 'sell' ? 'long' : 'short',
    quantity: most,
    openedOn,
    closedOn: session,
    profitDollars: cash,
    profitFraction: cash / entered,
  };
}
