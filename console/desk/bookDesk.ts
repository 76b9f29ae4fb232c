import { playFills } from '#domain/positions.ts';
import type { createLedger } from '#infra/postgres/ledger/ledger.ts';

/** An open position, as fills add up; amounts in ten-thousandths of a dollar. */
export interface PositionView {
  readonly symbol: string;
  /** Negative for a short. */
  readonly quantity: number;
  /** What the shares still held cost at their average price; negative for a short. */
  readonly costBasis: number;
}

/** An order that may still be filled; amounts in ten-thousandths of a dollar. */
export interface OpenOrderView {
  readonly clientOrderId: string;
  readonly session: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly filledQuantity: number;
  /** Absent for a market order. */
  readonly limitPrice?: number;
  readonly state: string;
}

/** What an account holds and has on its way, by our own books. */
export interface BookView {
  /** By symbol. */
  readonly positions: readonly PositionView[];
  readonly openOrders: readonly OpenOrderView[];
  /** Undefined for an account whose opening cash was never kept. */
  readonly cash: number | undefined;
}

/** Books of accounts. */
export interface Books {
  /** An account that was never opened has an empty book. @throws Failure DATABASE_UNREACHABLE */
  of(account: string): Promise<BookView>;
}

/** Books out of the ledger. */
export function createBooks(
  ledger: Pick<ReturnType<typeof createLedger>, 'bookEntries' | 'openOrders' | 'cash'>,
): Books {
  return {
    async of(account) {
      const [entries, orders, cash] = await Promise.all([
        ledger.bookEntries(account),
        ledger.openOrders(account),
        ledger.cash(account),
      ]);
      const positions = Object.entries(playFills(entries).positions)
        .map(([symbol, { quantity, costBasis }]) => ({ symbol, quantity, costBasis }))
        .sort((one, other) => one.symbol.localeCompare(other.symbol));
      const openOrders = orders.map(
        ({ clientOrderId, session, symbol, side, quantity, filledQuantity, kind, state }) => ({
          clientOrderId,
          session,
          symbol,
          side,
          quantity,
          filledQuantity,
          ...(kind.kind === 'limit' && { limitPrice: kind.limitPrice }),
          state,
        }),
      );
      return { positions, openOrders, cash };
    },
  };
}
