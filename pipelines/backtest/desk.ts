import type { BreakerState } from '#domain/breaker.ts';
import type { CheckedAccount, OpenOrder } from '#domain/checkedAccount.ts';
import { checkTrades, type CheckedTrade } from '#domain/limits.ts';
import { money, notional, shares, type Money, type Shares } from '#domain/money.ts';
import type { Trade } from '#domain/rebalance.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { BacktestGuard, RiskRules } from '../backtestGuard.ts';
import type { PlayedAccount } from './account.ts';
import type { MarketCursor } from './barMarket.ts';
import { KnownBars } from './knownBars.ts';
import { WorkingOrder, type OrderRequest, type PlayedOrder } from './order.ts';
import type { Desk } from './strategy.ts';
import type { Venue } from './venue.ts';

/** What a desk stands on. */
export interface DeskParts {
  readonly cursor: MarketCursor;
  readonly account: PlayedAccount;
  readonly venue: Venue;
  readonly guard: BacktestGuard | undefined;
  readonly risk: RiskRules | undefined;
  /** A cash account cannot be short: its sales only reduce. */
  readonly salesReduce: boolean;
}

/** The desk of a played account: it shows what is known, and holds every order against the account's limits. */
export class PlayedDesk implements Desk {
  readonly symbols: readonly string[];
  readonly history: KnownBars;
  phase: Desk['phase'] = 'beforeOpen';
  /** Every order, oldest first. */
  readonly orders: WorkingOrder[] = [];
  private readonly parts: DeskParts;
  private ordersToday = 0;
  /** Orders of the phase: daily bars know no minutes, and phases lie hours apart. */
  private ordersNow = 0;
  private tradedToday = 0;
  private dayOpenEquity: Money;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.dayOpenEquity = parts.account.equity;
    this.symbols = parts.cursor.market.symbols.map(({ symbol }) => symbol);
    this.history = new KnownBars(parts.cursor, parts.account);
  }

  get session(): SessionDate {
    return this.parts.cursor.market.sessions[this.parts.cursor.row]!;
  }

  get state(): BreakerState {
    return this.parts.guard?.state ?? 'active';
  }

  get cash(): Money {
    return this.parts.account.cash;
  }

  get equity(): Money {
    return this.parts.account.equity;
  }

  /** Moves on to a phase of the session that the cursor stands at. */
  enter(phase: Desk['phase']): void {
    this.phase = phase;
    this.history.closed = phase === 'closed';
    this.ordersNow = 0;
    // What is placed after a close belongs to the next session's orders.
    if (phase === 'closed') [this.ordersToday, this.tradedToday] = [0, 0];
    if (phase === 'beforeOpen') this.dayOpenEquity = this.equity;
  }

  /** Counts what was bought or sold. */
  count({ price, quantity }: { readonly price: Money; readonly quantity: Shares }): void {
    this.tradedToday += notional(price, quantity);
  }

  held(symbol: number): Shares {
    return this.parts.account.held(symbol);
  }

  lastClose(symbol: number): Money | undefined {
    return this.parts.account.mark(symbol);
  }

  openToday(symbol: number): Money | undefined {
    const bar = this.phase === 'beforeOpen' ? -1 : this.parts.cursor.barNow(symbol);
    return bar < 0 ? undefined : (this.parts.cursor.market.symbols[symbol]!.open[bar] as Money);
  }

  submit(requests: readonly OrderRequest[]): readonly PlayedOrder[] {
    for (const request of requests) this.checkRequest(request);
    const answers = this.answers(requests);
    return requests.map((request, index) => this.place(request, answers[index]).told());
  }

  /** Sells and buys back everything held, held against no limit: what the breaker orders. */
  flatten(timeInForce: 'opening' | 'day'): void {
    for (const symbol of this.parts.account.heldSymbols()) {
      const held = this.held(symbol);
      const side = held > 0 ? 'sell' : 'buy';
      const quantity = shares(Math.abs(held));
      this.place({ symbol, side, quantity, terms: { kind: 'market' }, timeInForce, reduceOnly: true }, undefined);
    }
  }

  cancel(id: number): void {
    const order = this.orders[id];
    if (order && !order.isDone) order.become('cancelled', 'answer');
  }

  working(): readonly PlayedOrder[] {
    return this.parts.venue.working.map((order) => order.told());
  }

  private place(asked: OrderRequest, answer: CheckedTrade | undefined): WorkingOrder {
    const { cursor, venue, salesReduce } = this.parts;
    const request = answer?.kind === 'reduced' ? { ...asked, quantity: answer.trade.quantity } : asked;
    const order = new WorkingOrder(request, {
      id: this.orders.length,
      decidedIn: this.session,
      decidedAt: this.phase,
      liveFrom: this.phase === 'closed' ? cursor.row + 1 : cursor.row,
      reduces: request.reduceOnly === true || (salesReduce && request.side === 'sell'),
    });
    this.orders.push(order);
    if (answer?.kind === 'reduced') {
      order.reduction = { code: answer.reduction.code, asked: asked.quantity };
    }
    if (answer?.kind === 'denied') {
      order.denial = answer.denial.code;
      order.become('denied', 'ours');
      return order;
    }
    this.ordersToday += 1;
    this.ordersNow += 1;
    venue.accept(order);
    if (request.timeInForce === 'thisClose') venue.atThisClose(order);
    else if (this.phase === 'open') venue.arrive(order);
    return order;
  }

  private checkRequest({ symbol, quantity, terms, timeInForce }: OrderRequest): void {
    const prices = [
      ...('limitPrice' in terms ? [terms.limitPrice] : []),
      ...('stopPrice' in terms ? [terms.stopPrice] : []),
    ];
    if (this.symbols[symbol] === undefined) throw new RangeError(`no symbol stands at ${symbol}`);
    if (!(Number.isSafeInteger(quantity) && quantity > 0)) throw new RangeError(`no quantity to order: ${quantity}`);
    if (!prices.every((price) => Number.isSafeInteger(price) && price > 0))
      throw new RangeError(`no price: ${prices.join()}`);
    const over =
      (timeInForce === 'thisClose' && this.phase !== 'closed') || (timeInForce === 'opening' && this.phase === 'open');
    if (over) throw new RangeError(`an order for ${timeInForce} cannot be placed in the phase ${this.phase}`);
  }

  /** What the account's limits say of each; nothing where there are none. */
  private answers(requests: readonly OrderRequest[]): readonly CheckedTrade[] {
    const { risk, guard, cursor } = this.parts;
    if (!risk || !guard || requests.length === 0) return [];
    const { market, row } = cursor;
    const session = market.sessions[this.phase === 'closed' ? row + 1 : row] ?? this.session;
    const trades = requests.map((request): Trade => this.asTrade(request));
    return checkTrades(trades, this.standing(guard), risk.limitsBefore?.(session) ?? risk.limits);
  }

  private standing(guard: BacktestGuard): CheckedAccount {
    const { account, venue } = this.parts;
    const marked = this.symbols.flatMap((name, symbol) => {
      const mark = account.mark(symbol);
      return mark === undefined ? [] : [[name, mark] as const];
    });
    const held = account.heldSymbols().map((symbol) => [this.symbols[symbol]!, account.held(symbol)] as const);
    return {
      equity: account.equity,
      buyingPower: account.cash,
      state: guard.state,
      positions: Object.fromEntries(held),
      grossExposure: account.grossExposure,
      dayOpenEquity: this.phase === 'closed' ? account.equity : this.dayOpenEquity,
      highWaterMark: guard.highWater,
      ordersToday: this.ordersToday,
      ordersLastMinute: this.ordersNow,
      turnoverToday: money(this.tradedToday),
      working: venue.working.filter(({ open }) => open > 0).map((order) => this.asOpenOrder(order)),
      lastPrices: Object.fromEntries(marked),
      phase: this.phase === 'open' ? 'open' : 'beforeOpen',
    };
  }

  private asOpenOrder({ id, open, request, terms }: WorkingOrder): OpenOrder {
    const { symbol, side } = request;
    // A stop fills at its price or worse, where no limit holds it.
    const price = 'limitPrice' in terms ? terms.limitPrice : 'stopPrice' in terms ? terms.stopPrice : undefined;
    return {
      clientOrderId: String(id),
      symbol: this.symbols[symbol]!,
      side,
      quantity: shares(open),
      ...(price !== undefined && { limitPrice: price }),
    };
  }

  private asTrade({ symbol, side, quantity, terms, reduceOnly }: OrderRequest): Trade {
    const asked = 'limitPrice' in terms ? terms.limitPrice : 'stopPrice' in terms ? terms.stopPrice : undefined;
    const referencePrice = asked ?? this.lastClose(symbol) ?? money(0);
    return { symbol: this.symbols[symbol]!, side, quantity, reduceOnly: reduceOnly ?? false, referencePrice };
  }
}
