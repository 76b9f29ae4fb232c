import type { MarketPhase } from '#activities/ports/broker.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { OrderSide, TimeInForce } from '#domain/order.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** What an order asks for. */
export interface OrderTerms {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Shares;
  readonly limitPrice?: Money;
  readonly timeInForce: TimeInForce;
}

/** An order was taken; `session` is the one it lives in. */
export interface OrderAccepted extends OrderTerms {
  readonly kind: 'orderAccepted';
  readonly orderId: string;
  readonly session: SessionDate;
  readonly marketTimeMs: number;
}

/** Shares changed hands; `price` holds slippage already, `commission` is taken from cash beside it. */
export interface OrderFilled {
  readonly kind: 'orderFilled';
  readonly executionId: string;
  readonly orderId: string;
  readonly session: SessionDate;
  readonly quantity: Shares;
  readonly price: Money;
  readonly commission: Money;
  readonly marketTimeMs: number;
}

/** What remained of an order ended. */
export interface OrderEnded {
  readonly kind: 'orderEnded';
  readonly orderId: string;
  readonly status: 'canceled' | 'expired';
  readonly marketTimeMs: number;
}

/** A dividend on shares held at the close before its ex-date, credited before that date's open. */
export interface DividendPaid {
  readonly kind: 'dividendPaid';
  readonly activityId: string;
  readonly session: SessionDate;
  readonly symbol: string;
  readonly quantity: Shares;
  readonly cash: Money;
  readonly marketTimeMs: number;
}

/** A split of shares held at the close before, before the open; a fraction of a share is paid out at that close. */
export interface SharesSplit {
  readonly kind: 'sharesSplit';
  readonly activityId: string;
  readonly session: SessionDate;
  readonly symbol: string;
  readonly quantityBefore: Shares;
  readonly quantityAfter: Shares;
  readonly cashInLieu: Money;
  readonly marketTimeMs: number;
}

/** Everything that can happen at the exchange: facts, complete in themselves, so that replaying them needs no rules. */
export type ExchangeEvent =
  | {
      readonly kind: 'accountOpened';
      readonly accountId: string;
      readonly cash: Money;
      readonly session: SessionDate;
      readonly marketTimeMs: number;
    }
  | OrderAccepted
  /** A submission that became no order: refused by a rule, or failed on purpose by a switch of the control interface. */
  | { readonly kind: 'submissionRefused'; readonly clientOrderId: string; readonly code: number }
  | OrderFilled
  | OrderEnded
  | DividendPaid
  | SharesSplit
  | {
      readonly kind: 'phaseReached';
      readonly session: SessionDate;
      readonly phase: MarketPhase;
      /** Equity at the close before this session. */
      readonly lastEquity: Money;
    };

/** One line of the journal: what one request or one step of market time did to one account, all of it or nothing. */
export interface JournalEntry {
  readonly account: string;
  readonly events: readonly ExchangeEvent[];
}
