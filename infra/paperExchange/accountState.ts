import type { MarketPhase } from '#activities/ports/broker.ts';
import { money, notional, shares } from '#domain/money.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { DividendPaid, ExchangeEvent, OrderAccepted, OrderEnded, OrderFilled, SharesSplit } from './events.ts';

/** An order and what became of it. */
export interface PaperOrder {
  readonly accepted: OrderAccepted;
  readonly fills: readonly Execution[];
  readonly filledQuantity: Shares;
  readonly ended?: OrderEnded;
}

/** A fill with the order's totals after it. */
export interface Execution extends OrderFilled {
  readonly cumulativeQuantity: Shares;
  readonly leavesQuantity: Shares;
}

/** Shares held, with what they cost (commissions left out). */
interface Holding {
  readonly quantity: Shares;
  readonly cost: Money;
}

/** Everything the exchange knows of one account; only events change it. */
export interface AccountState {
  readonly account: string;
  readonly accountId: string;
  readonly openedAtMs: number;
  readonly session: SessionDate;
  readonly phase: MarketPhase;
  readonly cash: Money;
  readonly commissions: Money;
  readonly lastEquity: Money;
  /** In the order of acceptance. */
  readonly orders: ReadonlyMap<string, PaperOrder>;
  readonly orderIdByClientOrderId: ReadonlyMap<string, string>;
  readonly executions: readonly Execution[];
  readonly holdings: ReadonlyMap<string, Holding>;
  /** Dividends and splits, oldest first. */
  readonly corporateActions: readonly (DividendPaid | SharesSplit)[];
  /** Every submission that reached the exchange, in order: its outcome is `accepted` or the code of the refusal. */
  readonly submissions: readonly { readonly clientOrderId: string; readonly outcome: 'accepted' | number }[];
}

type Draft<State> = { -readonly [Key in keyof State]: DraftMember<State[Key]> };
type DraftMember<Member> =
  Member extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : Member extends readonly (infer Item)[]
      ? Item[]
      : Member;

/** An account whose events are applied in place: replaying a long journal must not copy its orders each time. */
export class Account {
  readonly #state: Draft<AccountState>;

  private constructor(state: Draft<AccountState>) {
    this.#state = state;
  }

  /** The account that an `accountOpened` event makes. */
  static opened(account: string, event: Extract<ExchangeEvent, { readonly kind: 'accountOpened' }>): Account {
    return new Account({
      account,
      accountId: event.accountId,
      openedAtMs: event.marketTimeMs,
      session: event.session,
      phase: 'beforeOpen',
      cash: event.cash,
      commissions: money(0),
      lastEquity: event.cash,
      orders: new Map(),
      orderIdByClientOrderId: new Map(),
      executions: [],
      holdings: new Map(),
      corporateActions: [],
      submissions: [],
    });
  }

  /** The account as it stands; it changes under the reader with the next event. */
  get state(): AccountState {
    return this.#state;
  }

  /** Applies one event. */
  apply(event: ExchangeEvent): void {
    const state = this.#state;
    switch (event.kind) {
      case 'accountOpened':
        throw new Error(`account ${state.account} was opened before`);
      case 'orderAccepted':
        state.orders.set(event.orderId, { accepted: event, fills: [], filledQuantity: shares(0) });
        state.orderIdByClientOrderId.set(event.clientOrderId, event.orderId);
        state.submissions.push({ clientOrderId: event.clientOrderId, outcome: 'accepted' });
        return;
      case 'submissionRefused':
        state.submissions.push({ clientOrderId: event.clientOrderId, outcome: event.code });
        return;
      case 'orderFilled':
        this.#fill(event);
        return;
      case 'orderEnded':
        state.orders.set(event.orderId, { ...this.#order(event.orderId), ended: event });
        return;
      case 'dividendPaid':
        state.cash = money(state.cash + event.cash);
        state.corporateActions.push(event);
        return;
      case 'sharesSplit':
        this.#split(event);
        return;
      case 'phaseReached':
        state.session = event.session;
        state.phase = event.phase;
        state.lastEquity = event.lastEquity;
    }
  }

  #fill(event: OrderFilled): void {
    const state = this.#state;
    const order = this.#order(event.orderId);
    const cumulativeQuantity = shares(order.filledQuantity + event.quantity);
    const leavesQuantity = shares(order.accepted.quantity - cumulativeQuantity);
    const execution: Execution = { ...event, cumulativeQuantity, leavesQuantity };
    state.orders.set(event.orderId, {
      ...order,
      fills: [...order.fills, execution],
      filledQuantity: cumulativeQuantity,
    });
    state.executions.push(execution);
    const value = notional(event.price, event.quantity);
    const isBuy = order.accepted.side === 'buy';
    state.cash = money(state.cash - (isBuy ? 1 : -1) * value - event.commission);
    state.commissions = money(state.commissions + event.commission);
    const symbol = order.accepted.symbol;
    const held = state.holdings.get(symbol) ?? { quantity: shares(0), cost: money(0) };
    const holding = isBuy
      ? { quantity: shares(held.quantity + event.quantity), cost: money(held.cost + value) }
      : sold(held, event.quantity);
    if (holding.quantity === 0) state.holdings.delete(symbol);
    else state.holdings.set(symbol, holding);
  }

  #split(event: SharesSplit): void {
    const state = this.#state;
    const held = state.holdings.get(event.symbol);
    if (held?.quantity !== event.quantityBefore) throw new Error(`a split of shares of ${event.symbol} not held`);
    state.cash = money(state.cash + event.cashInLieu);
    state.corporateActions.push(event);
    if (event.quantityAfter === 0) state.holdings.delete(event.symbol);
    else state.holdings.set(event.symbol, { ...held, quantity: event.quantityAfter });
  }

  #order(orderId: string): PaperOrder {
    const order = this.#state.orders.get(orderId);
    if (order === undefined) throw new Error(`no order ${orderId} in account ${this.#state.account}`);
    return order;
  }
}

/** Whether nothing more can happen to an order. */
export function isDone(order: PaperOrder): boolean {
  return order.ended !== undefined || order.filledQuantity === order.accepted.quantity;
}

/** Shares of an order that may still fill. */
export function openQuantity(order: PaperOrder): Shares {
  return isDone(order) ? shares(0) : shares(order.accepted.quantity - order.filledQuantity);
}

/** Orders that may still fill, in the order of acceptance. */
export function openOrders(state: AccountState): readonly PaperOrder[] {
  return [...state.orders.values()].filter((order) => !isDone(order));
}

/** What is left of a holding: its cost falls in proportion, rounded down, in integers that cannot overflow. */
function sold(held: Holding, quantity: Shares): Holding {
  const rest = shares(held.quantity - quantity);
  if (rest < 0) throw new Error('sold more than held');
  return { quantity: rest, cost: money(Number((BigInt(held.cost) * BigInt(rest)) / BigInt(held.quantity))) };
}
