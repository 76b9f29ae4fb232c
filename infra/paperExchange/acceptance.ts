import { moneyPerDollar, notional } from '#domain/money.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { decimalText } from '../alpaca/decimalText.ts';
import { openOrders, openQuantity } from './accountState.ts';
import type { AccountState } from './accountState.ts';
import type { OrderTerms } from './events.ts';
import type { Market } from './matching.ts';
import { sessionAfter } from './marketTime.ts';
import { buyingPower, lastPrint } from './valuation.ts';

/** A refusal as Alpaca words it. */
export interface Refusal {
  readonly kind: 'refused';
  readonly status: 403 | 422;
  /** Alpaca's error code: the status, then a number of its own. */
  readonly code: number;
  readonly message: string;
  /** Further members of the error's body. */
  readonly facts: Readonly<Record<string, string>>;
}

/** An order may stand, in a session. */
export interface Acceptance {
  readonly kind: 'accepted';
  readonly session: SessionDate;
}

/** Alpaca's answer to a client order id it has seen. */
const duplicate = { status: 422, code: 40_010_001 } as const;
/** Alpaca's answer to input it does not take. */
const invalid = { status: 422, code: 42_210_000 } as const;
/** Alpaca's answer to too little buying power or too few shares. */
const insufficient = { status: 403, code: 40_310_000 } as const;

/** Judges an order as Alpaca would: identity, symbol, price, time in force, then shares and buying power. */
export function judge(
  state: AccountState,
  terms: OrderTerms,
  market: Market & { readonly buyingPowerMultiple: 1 | 2 },
): Acceptance | Refusal {
  if (state.orderIdByClientOrderId.has(terms.clientOrderId)) {
    return refusal(duplicate, 'client_order_id must be unique');
  }
  if (!market.bars.symbols.includes(terms.symbol)) {
    return refusal(invalid, `asset "${terms.symbol}" not found`);
  }
  const print = lastPrint(market.bars, terms.symbol, state);
  if (print === undefined) return refusal(invalid, `asset ${terms.symbol} is not tradable yet`);
  if (terms.limitPrice !== undefined && !isAllowedIncrement(terms.limitPrice)) {
    const price = decimalText(terms.limitPrice);
    return refusal(
      invalid,
      `invalid limit_price ${price}. sub-penny increment does not fulfill minimum pricing criteria`,
    );
  }
  const session = sessionOf(state, terms, market.bars.sessions);
  if (typeof session !== 'string') return session;
  const shortfall =
    terms.side === 'sell'
      ? missingShares(state, terms)
      : missingMoney(
          terms,
          terms.limitPrice ?? print.price,
          buyingPower(state, market.bars, market.buyingPowerMultiple),
        );
  return shortfall ?? { kind: 'accepted', session };
}

/** The session an order lives in; auctions take orders only before they happen, day orders wait for the next session. */
function sessionOf(state: AccountState, terms: OrderTerms, sessions: readonly SessionDate[]): SessionDate | Refusal {
  if (terms.timeInForce === 'opening' && state.phase !== 'beforeOpen') {
    return refusal(invalid, 'opg orders must be submitted after 7:00pm and before 9:28am');
  }
  if (terms.timeInForce === 'closing' && state.phase === 'closed') {
    return refusal(invalid, 'cls orders must be submitted after 7:00pm and before 3:50pm');
  }
  if (state.phase !== 'closed') return state.session;
  return sessionAfter(state.session, sessions) ?? refusal(invalid, 'the recording has no further session');
}

function missingShares(state: AccountState, terms: OrderTerms): Refusal | undefined {
  const held = state.holdings.get(terms.symbol)?.quantity ?? 0;
  const promised = openOrders(state)
    .filter(({ accepted }) => accepted.side === 'sell' && accepted.symbol === terms.symbol)
    .reduce((sum, order) => sum + openQuantity(order), 0);
  const available = held - promised;
  if (terms.quantity <= available) return undefined;
  const message = `insufficient qty available for order (requested: ${terms.quantity}, available: ${available})`;
  return refusal(insufficient, message, {
    symbol: terms.symbol,
    existing_qty: String(held),
    held_for_orders: String(promised),
    available: String(available),
  });
}

function missingMoney(terms: { readonly quantity: Shares }, price: Money, available: Money): Refusal | undefined {
  const costBasis = notional(price, terms.quantity);
  if (costBasis <= available) return undefined;
  return refusal(insufficient, 'insufficient buying power', {
    buying_power: decimalText(available),
    cost_basis: decimalText(costBasis),
  });
}

/** Limit prices of a dollar and more are in whole cents (Regulation NMS, rule 612). */
function isAllowedIncrement(price: Money): boolean {
  return price < moneyPerDollar || price % 100 === 0;
}

function refusal(
  { status, code }: Pick<Refusal, 'status' | 'code'>,
  message: string,
  facts: Readonly<Record<string, string>> = {},
): Refusal {
  return { kind: 'refused', status, code, message, facts };
}
