import {
  matchAuction,
  matchRange,
  participationShares,
  type PriceMatch,
  type SessionRange,
} from '#domain/barMatching.ts';
import type { CostRates } from '#domain/costs.ts';
import { money, notional, shares, type Money } from '#domain/money.ts';
import type { ShareSplit } from '#domain/shareSplit.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { BacktestFill, PlayedAccount } from './account.ts';
import type { MarketCursor, SymbolBars } from './barMarket.ts';
import { MarketCosts, type MarketCostRules, type OrderRates } from './marketCosts.ts';
import type { WorkingOrder } from './order.ts';

/** By what rules orders trade. */
export interface VenueRules {
  readonly rates: CostRates;
  /** Largest part of a session's volume that the account may trade, a fraction in (0, 1]; absent: all it asks for. */
  readonly participationFraction?: number;
  /** Costs that bars tell; absent: the fixed rates alone. */
  readonly marketCosts?: MarketCostRules;
}

/** What a venue is made of. */
export interface VenueParts {
  readonly cursor: MarketCursor;
  readonly account: PlayedAccount;
  readonly rules: VenueRules;
  /** Told of each execution, once the account has booked it. */
  readonly onFill: (fill: BacktestFill, symbol: number) => void;
}

/**
 * Fills orders from bars by the rules of the paper exchange: the opening auction at the open, as much of it as a part of
 * the session before allows; what rests within the session's range; the closing auction at the close, all together
 * within a part of the session's own volume.
 */
export class Venue {
  private readonly parts: VenueParts;
  /** Oldest first; ended ones are dropped when the session closes. */
  private orders: WorkingOrder[] = [];
  /** Shape [symbols]: shares traded in the session. */
  private readonly traded: Float64Array;
  private readonly costs: MarketCosts;

  constructor(parts: VenueParts) {
    this.parts = parts;
    this.traded = new Float64Array(parts.cursor.market.symbols.length);
    const { rates, marketCosts } = parts.rules;
    this.costs = new MarketCosts(parts.cursor, rates, marketCosts);
  }

  /** Fills whose costs were asked of bars that told nothing. */
  get unmeasuredFills(): number {
    return this.costs.unmeasuredFills;
  }

  /** Orders that may still trade, oldest first. */
  get working(): readonly WorkingOrder[] {
    return this.orders.filter((order) => !order.isDone);
  }

  /** Takes an order. */
  accept(order: WorkingOrder): void {
    order.become('sent', 'ours');
    order.become('acknowledged', 'answer');
    this.orders.push(order);
  }

  /** A session begins: splits change what resting orders speak of. */
  begin(splits: ReadonlyMap<number, ShareSplit>): void {
    this.traded.fill(0);
    if (splits.size === 0) return;
    for (const order of this.orders) {
      const split = splits.get(order.request.symbol);
      if (split && !order.isDone) order.split(split);
    }
  }

  /** A symbol is listed no more: its orders end. */
  endListing(symbol: number): void {
    for (const order of this.orders) if (order.request.symbol === symbol && !order.isDone) order.giveUp('cancelled');
  }

  /** The opening auction. Stops that it reached become what they turn into; opening orders end. */
  openingAuction(): void {
    for (const order of this.live()) {
      if (order.request.timeInForce === 'closing') continue;
      this.meetOpen(order);
      if (order.request.timeInForce === 'opening' && !order.isDone) order.giveUp('cancelled');
    }
  }

  /** An order placed while the session is open trades at once, at the open's price. */
  arrive(order: WorkingOrder): void {
    const { timeInForce } = order.request;
    if (timeInForce === 'day' || timeInForce === 'untilCancelled') this.meetOpen(order);
  }

  /**
   * The session between its auctions. Where a bar holds both a stop and a limit, the stop comes first: the worse of the
   * two. A stop that protects what a limit bought in the same bar is asked again after it; a limit that takes profit of
   * it is not, since the bar may have been there before.
   */
  betweenAuctions(): void {
    const resting = this.live().filter(
      ({ terms, request }) => request.timeInForce !== 'closing' && terms.kind !== 'market',
    );
    if (resting.length === 0) return;
    for (const order of resting) order.heldBefore = this.parts.account.held(order.request.symbol);
    const stops = resting.filter(({ terms }) => terms.kind === 'stop' || terms.kind === 'stopLimit');
    const limits = resting.filter(({ terms }) => terms.kind === 'limit');
    for (const order of stops) this.meetRange(order);
    for (const order of limits) this.meetRange(order);
    for (const order of stops) if (order.terms.kind !== 'market' && order.terms.kind !== 'limit') this.meetRange(order);
  }

  /** The closing auction. Day and closing orders end. */
  closingAuction(): void {
    for (const order of this.live()) {
      const { timeInForce } = order.request;
      const bar = this.barNow(order.request.symbol);
      if (bar && (timeInForce === 'closing' || order.terms.kind === 'market')) {
        this.meetClose(order, bar.close);
      } else if (bar && order.terms.kind === 'limit' && order.reduces) {
        // The close comes after every entry of the bar: a limit that it passed was reached on the way.
        order.heldBefore = this.parts.account.held(order.request.symbol);
        const { close } = bar;
        const reached = order.request.side === 'sell' ? { ...bar, high: close } : { ...bar, low: close };
        const costs = this.costsOf(order, 'close');
        this.settle(order, matchRange(sideAndTerms(order), reached, costs.rates), { at: 'close', ...costs });
      }
      if (order.isDone || timeInForce === 'untilCancelled') continue;
      order.giveUp(timeInForce === 'day' ? 'expired' : 'cancelled');
    }
    this.orders = this.orders.filter((order) => !order.isDone);
  }

  /** Trades an order at the close that was just seen. */
  atThisClose(order: WorkingOrder): void {
    const bar = this.barNow(order.request.symbol);
    if (bar) this.meetClose(order, bar.close);
    if (!order.isDone) order.giveUp('cancelled');
  }

  private live(): readonly WorkingOrder[] {
    if (this.orders.length === 0) return [];
    const { row } = this.parts.cursor;
    return this.orders.filter((order) => !order.isDone && order.liveFrom <= row);
  }

  private meetOpen(order: WorkingOrder): void {
    const { cursor } = this.parts;
    const { symbol } = order.request;
    const bar = cursor.barNow(symbol);
    if (bar < 0 || this.nothingToReduce(order)) return;
    const open = cursor.market.symbols[symbol]!.open[bar] as Money;
    const costs = this.costsOf(order, 'open');
    this.settle(order, matchAuction(sideAndTerms(order), open, costs.rates), { at: 'open', ...costs });
  }

  private meetClose(order: WorkingOrder, close: Money): void {
    const costs = this.costsOf(order, 'close');
    this.settle(order, matchAuction(sideAndTerms(order), close, costs.rates), { at: 'close', ...costs });
  }

  private meetRange(order: WorkingOrder): void {
    const bar = this.barNow(order.request.symbol);
    if (order.isDone || !bar || this.nothingToReduce(order)) return;
    const costs = this.costsOf(order, 'session');
    this.settle(order, matchRange(sideAndTerms(order), bar, costs.rates), { at: 'session', ...costs });
  }

  /** Rates for all that an order may still trade now: what it is filled of that moves the price no less. */
  private costsOf(order: WorkingOrder, at: BacktestFill['at']): OrderRates {
    const { rules } = this.parts;
    if (rules.marketCosts === undefined) return { rates: rules.rates, impactPart: 0 };
    const { symbol } = order.request;
    return this.costs.of(symbol, Math.min(order.open, this.volumeLeft(symbol, at)));
  }

  /** An order that may only reduce waits, and is not triggered, while there is nothing that it could reduce. */
  private nothingToReduce(order: WorkingOrder): boolean {
    return order.reduces && this.reducible(order) === 0;
  }

  private reducible({ request, terms, heldBefore }: WorkingOrder): number {
    const held = this.parts.account.held(request.symbol);
    const sign = request.side === 'sell' ? 1 : -1;
    const now = Math.max(0, sign * held);
    return terms.kind === 'limit' ? Math.min(now, Math.max(0, sign * heldBefore)) : now;
  }

  private settle(
    order: WorkingOrder,
    match: PriceMatch,
    { at, impactPart }: Pick<OrderRates, 'impactPart'> & Pick<BacktestFill, 'at'>,
  ): void {
    if (match.kind === 'untouched') return;
    if (match.kind === 'triggered') return order.trigger();
    const { symbol, side } = order.request;
    if (at !== 'session') order.heldBefore = this.parts.account.held(symbol);
    const wanted = order.reduces ? Math.min(order.open, this.reducible(order)) : order.open;
    order.trigger();
    const quantity = this.parts.account.affordable({
      symbol,
      side,
      price: match.price,
      quantity: Math.min(wanted, this.volumeLeft(symbol, at)),
      session: this.session,
      before: { quantity: order.filled, value: order.filledValue },
    });
    if (quantity === 0) return;
    const { printed, price } = match;
    this.trade(order, { at, quantity: shares(quantity), printed, price, impactPart });
  }

  private trade(
    order: WorkingOrder,
    {
      at,
      quantity,
      printed,
      price,
      impactPart,
    }: Pick<BacktestFill, 'at' | 'quantity' | 'price'> & Pick<OrderRates, 'impactPart'> & { readonly printed: Money },
  ): void {
    const { account, onFill } = this.parts;
    const { symbol, side } = order.request;
    const before = { quantity: order.filled, value: order.filledValue };
    const commission = account.take({ symbol, side, quantity, price, session: this.session, before });
    order.filledValue += price * quantity;
    this.traded[symbol] = this.traded[symbol]! + quantity;
    order.take(quantity);
    if (account.held(symbol) === 0) this.endReducing(symbol);
    const slippage = money(Math.abs(notional(price, quantity) - notional(printed, quantity)));
    this.costs.count(symbol);
    const fill: BacktestFill = {
      order: order.id,
      session: this.session,
      at,
      symbol: this.bars(symbol).symbol,
      side,
      quantity,
      price,
      commission,
      slippage,
      ...(this.parts.rules.marketCosts?.impact && { impact: money(Math.round(slippage * impactPart)) }),
    };
    onFill(fill, symbol);
  }

  private get session(): SessionDate {
    const { market, row } = this.parts.cursor;
    return market.sessions[row]!;
  }

  /** What protected a position ends with it. */
  private endReducing(symbol: number): void {
    for (const order of this.orders) {
      if (order.request.symbol === symbol && order.reduces && !order.isDone) order.become('cancelled', 'answer');
    }
  }

  private volumeLeft(symbol: number, at: BacktestFill['at']): number {
    const { participationFraction: fraction } = this.parts.rules;
    if (fraction === undefined) return Number.POSITIVE_INFINITY;
    const volume =
      at === 'open' ? this.volumeBefore(symbol) : this.bars(symbol).volume[this.parts.cursor.barNow(symbol)]!;
    return Math.max(0, participationShares(Math.floor(volume), fraction) - this.traded[symbol]!);
  }

  /** Volume of the session before, in the shares of this one. */
  private volumeBefore(symbol: number): number {
    const { cursor } = this.parts;
    const bars = this.bars(symbol);
    const bar = cursor.barBefore(symbol);
    const split = bars.splits.get(cursor.row);
    if (bar < 0) return 0;
    return split ? Math.floor((Math.floor(bars.volume[bar]!) * split.to) / split.from) : bars.volume[bar]!;
  }

  private barNow(symbol: number): SessionRange | undefined {
    const bar = this.parts.cursor.barNow(symbol);
    if (bar < 0) return undefined;
    const { high, low, close } = this.bars(symbol);
    return { high: high[bar] as Money, low: low[bar] as Money, close: close[bar] as Money };
  }

  private bars(symbol: number): SymbolBars {
    return this.parts.cursor.market.symbols[symbol]!;
  }
}

function sideAndTerms({ request, terms }: WorkingOrder): Parameters<typeof matchAuction>[0] {
  return { side: request.side, terms };
}
