import type { BrokerOrder } from '#activities/ports/broker.ts';
import type { OrderIntent, TimeInForce } from '#domain/order.ts';
import { decimalText, wholeShares } from './decimalText.ts';
import type { AlpacaOrder, AlpacaOrderStatus } from './alpacaWire.ts';

type StateRule = BrokerOrder['state'] | 'working' | 'workingUnlessFull';

/**
 * What each status means here. `working` orders may still fill and are acknowledged or partially filled; `calculated`
 * is over for the day but names no outcome, so only its quantity tells.
 */
const stateRules: Readonly<Record<AlpacaOrderStatus, StateRule>> = {
  new: 'working',
  accepted: 'working',
  pending_new: 'working',
  accepted_for_bidding: 'working',
  held: 'working',
  stopped: 'working',
  suspended: 'working',
  pending_cancel: 'working',
  pending_replace: 'working',
  done_for_day: 'working',
  partially_filled: 'working',
  calculated: 'workingUnlessFull',
  filled: 'filled',
  canceled: 'cancelled',
  replaced: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
};

const alpacaTimesInForce: Readonly<Record<TimeInForce, 'day' | 'opg' | 'cls'>> = {
  day: 'day',
  opening: 'opg',
  closing: 'cls',
};

/**
 * Alpaca's order as the port knows it; a cancelled or expired order keeps what it filled before.
 * @throws RangeError for fractional shares
 */
export function brokerOrder(order: AlpacaOrder): BrokerOrder {
  const filledQuantity = wholeShares(order.filled_qty);
  const rule = stateRules[order.status];
  const isFull = order.qty !== null && filledQuantity === wholeShares(order.qty);
  const working = filledQuantity > 0 ? 'partiallyFilled' : 'acknowledged';
  const workingUnlessFull = isFull ? 'filled' : working;
  const state = rule === 'working' ? working : rule === 'workingUnlessFull' ? workingUnlessFull : rule;
  return {
    clientOrderId: order.client_order_id,
    brokerOrderId: order.id,
    symbol: order.symbol,
    side: order.side,
    ...(order.qty !== null && { quantity: wholeShares(order.qty) }),
    state,
    filledQuantity,
  };
}

/** Body of POST /v2/orders, text. */
export function orderRequestBody(intent: OrderIntent): string {
  return JSON.stringify({
    symbol: intent.symbol,
    qty: String(intent.quantity),
    side: intent.side,
    type: intent.kind.kind,
    time_in_force: alpacaTimesInForce[intent.timeInForce],
    ...(intent.kind.kind === 'limit' ? { limit_price: decimalText(intent.kind.limitPrice) } : {}),
    client_order_id: intent.clientOrderId,
  });
}
