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

/** How we came to know what an order becomes. */
export type OrderEvidence =
  /** Our own doing: denied, claimed, or cancelled before it was sent. */
  | 'ours'
  /** What the venue says of its own accord: its answer to the submission, an event of its stream, or no answer at all. */
  | 'answer'
  /** What the venue says when asked about the order. */
  | 'asked'
  /** Two asks a settle time apart, at a venue that refuses duplicate ids, that found nothing. */
  | 'absenceProven';

/** What became of a transition. */
export type Transition =
  | { readonly kind: 'moved'; readonly state: OrderState }
  | { readonly kind: 'unchanged'; readonly state: OrderState }
  | { readonly kind: 'refused'; readonly state: OrderState; readonly reason: string };

/**
 * The state of an order after news of it. What is not legal is refused and leaves the state as it was: an order leaves
 * `unknown` only by asking, and is sent again only after its absence was proven.
 */
export function transition(from: OrderState, to: OrderState, evidence: OrderEvidence): Transition {
  if (from === to) return { kind: 'unchanged', state: from };
  if (!mayBecome(from, to)) return { kind: 'refused', state: from, reason: `${from} never becomes ${to}` };
  const needed = evidenceFor(from, to);
  if (needed.includes(evidence)) return { kind: 'moved', state: to };
  const reason = `${from} becomes ${to} by ${needed.join(' or ')}, not by ${evidence}`;
  return { kind: 'refused', state: from, reason };
}

function evidenceFor(from: OrderState, to: OrderState): readonly OrderEvidence[] {
  if (from === 'intended') return ['ours'];
  // Where the venue provably has nothing, giving the order up is our own decision.
  const givesUp: readonly OrderEvidence[] =
    to === 'cancelled' && (from === 'sent' || from === 'unknown') ? ['absenceProven'] : [];
  if (from === 'unknown') return to === 'sent' ? ['absenceProven'] : ['asked', ...givesUp];
  return ['answer', 'asked', ...givesUp];
}

/**
 * Whether refused news is only late: the venue once said so, and has said more since. A venue asked now that knows less
 * than its own end of the order is not late, it contradicts itself.
 */
export function isLateNews(from: OrderState, to: OrderState, evidence: OrderEvidence): boolean {
  const isWorking = to === 'acknowledged' || to === 'partiallyFilled';
  const overtaken =
    evidence === 'answer' ? ['partiallyFilled', 'filled', 'cancelled', 'expired'] : ['partiallyFilled', 'filled'];
  return isWorking && from !== to && overtaken.includes(from);
}

/** Longest client order id every supported venue keeps whole. */
export const clientOrderIdLengthMax = 48;

/**
 * The identity of an order at us and at the venue: the same business gives the same id, and another business another
 * one, since the session's eight digits and a symbol without hyphens tell where each part begins.
 * @throws RangeError when the parts make an id longer than 48 characters, hold anything but letters, digits, `.` and
 *   `-`, a symbol holds a hyphen, an account or strategy holds eight digits between hyphens, or the sequence is no
 *   whole number from 0
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
  const names = [account, strategy];
  const ambiguous = names.some((name) => name.split('-').some((word) => /^\d{8}$/.test(word)));
  const spelled = names.every((name) => /^[A-Za-z0-9.-]+$/.test(name)) && /^[A-Za-z0-9.]+$/.test(symbol);
  if (ambiguous || !spelled || !(Number.isSafeInteger(sequence) && sequence >= 0)) {
    throw new RangeError(`parts that make no client order id: ${id}`);
  }
  if (id.length > clientOrderIdLengthMax) {
    throw new RangeError(`a client order id of more than ${clientOrderIdLengthMax} characters: ${id}`);
  }
  return id;
}
