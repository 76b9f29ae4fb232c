import type { OrderState } from './order.ts';
import type { SessionDate } from './sessionDate.ts';

// What may follow what. `unknown` is settled only by asking, and a proven absence leads back to `sent`.
const next: Readonly<Record<OrderState, readonly OrderState[]>> = {
  intended: ['sent', 'denied', 'cancelled'],
  denied: [],
  sent: ['acknowledged', 'partiallyFilled', 'filled', 'cancelled', 'rejected', 'expired', 'unknown'],
  acknowledged: ['partiallyFilled', 'filled', 'cancelled', 'rejected', 'expired', 'unknown'],
  partiallyFilled: ['filled', 'cancelled', 'expired', 'unknown'],
  unknown: ['sent', 'acknowledged', 'partiallyFilled', 'filled', 'cancelled', 'rejected', 'expired'],
  filled: [],
  cancelled: [],
  rejected: [],
  expired: [],
};

/** Whether nothing can follow the state. */
export function isEndState(state: OrderState): boolean {
  return next[state].length === 0;
}

/** Whether an order may go from one state to another; staying is no transition, and always allowed. */
export function mayBecome(from: OrderState, to: OrderState): boolean {
  return from === to || next[from].includes(to);
}

/** Longest client order id every supported venue keeps whole. */
export const clientOrderIdLengthMax = 48;

/**
 * The identity of an order at us and at the venue: the same business gives the same id.
 * @throws RangeError when the parts make an id longer than 48 characters, or hold anything but letters, digits, `.` and `-`
 */
export function clientOrderId(parts: {
  readonly account: string;
  readonly session: SessionDate;
  readonly strategy: string;
  readonly symbol: string;
  readonly sequence: number;
}): string {
  const { account, session, strategy, symbol, sequence } = parts;
  const id = `${account}-${session.replaceAll('-', '')}-${strategy}-${symbol}-${sequence}`;
  if (id.length > clientOrderIdLengthMax || !/^[A-Za-z0-9.-]+$/.test(id)) {
    throw new RangeError(`not a client order id of at most ${clientOrderIdLengthMax} characters: ${id}`);
  }
  return id;
}
