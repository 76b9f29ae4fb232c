import { lossesOf, type BreakerState, type Losses } from './breaker.ts';
import type { CheckedAccount, Execution, OpenOrder } from './checkedAccount.ts';
import type { Money } from './money.ts';
import type { OrderSide } from './order.ts';

/** One symbol of a book; amounts in ten-thousandths of a dollar. */
interface Line {
  readonly sector: string | undefined;
  held: number;
  /** Last price; 0 where none was printed. */
  mark: number;
  /** Held, at market; shorts positive. */
  value: number;
  /** What open buys may add, at their worst price. */
  buying: number;
  readonly open: Map<string, Standing>;
}

interface Standing {
  readonly side: OrderSide;
  quantity: number;
  /** Worst price it may be worth or fill at; undefined where nothing tells. */
  price: number | undefined;
}

/** A sector's sum, with how many of its lines have no price. */
interface SectorSum {
  value: number;
  unpriced: number;
}

/**
 * An account with its open orders, in sums that are kept: what a check reads costs the same whatever the account holds.
 * Open buys count as if they had filled at the worst, open sells as if they never will, until the venue says otherwise.
 */
export class ExposureBook {
  readonly state: BreakerState;
  readonly phase: CheckedAccount['phase'];
  private readonly lines = new Map<string, Line>();
  private readonly sectors = new Map<string, SectorSum>();
  private readonly sectorOf: Readonly<Record<string, string>>;
  private readonly references: Pick<CheckedAccount, 'dayOpenEquity' | 'highWaterMark'>;
  private worth: number;
  private cash: number;
  private held = 0;
  private shorted = 0;
  private buying = 0;
  private unpricedBuys = 0;
  private orders: number;
  private ordersOfMinute: number;
  private traded: number;

  /** @param sectorOf sector by symbol; empty where sectors are not looked at */
  constructor(account: CheckedAccount, sectorOf: Readonly<Record<string, string>> = {}) {
    this.state = account.state;
    this.phase = account.phase;
    this.sectorOf = sectorOf;
    this.references = account;
    this.worth = account.equity;
    this.cash = account.buyingPower;
    this.orders = account.ordersToday;
    this.ordersOfMinute = account.ordersLastMinute;
    this.traded = account.turnoverToday;
    for (const [symbol, mark] of Object.entries(account.lastPrices)) this.line(symbol).mark = Math.max(0, mark);
    for (const [symbol, quantity] of Object.entries(account.positions)) this.hold(symbol, quantity);
    // The broker's own sum may know prices that we do not: the larger holds.
    this.held = Math.max(this.held, account.grossExposure);
    for (const order of account.working) this.place(order);
  }

  /** Ten-thousandths of a dollar, as all amounts here. */
  get equity(): number {
    return this.worth;
  }

  /** Cash that open buys leave; minus infinity while one of them has no price. */
  get spendable(): number {
    return this.unpricedBuys > 0 ? Number.NEGATIVE_INFINITY : this.cash - this.buying;
  }

  /** Value of all positions and of what open buys may add. */
  get gross(): number {
    return this.unpricedBuys > 0 ? Number.POSITIVE_INFINITY : this.held + this.buying;
  }

  /** Longs less shorts, with what open buys may add. */
  get net(): number {
    return this.gross - 2 * this.shorted;
  }

  /** Notional traded in the session, open orders included. */
  get turnover(): number {
    return this.unpricedBuys > 0 ? Number.POSITIVE_INFINITY : this.traded;
  }

  get ordersToday(): number {
    return this.orders;
  }

  get ordersLastMinute(): number {
    return this.ordersOfMinute;
  }

  get losses(): Losses {
    const { dayOpenEquity, highWaterMark } = this.references;
    return lossesOf({ dayOpenEquity, highWaterMark, equity: this.worth });
  }

  /** Symbols with a position or an open order. */
  get symbols(): readonly string[] {
    return [...this.lines].filter(([, { held, open }]) => held !== 0 || open.size > 0).map(([symbol]) => symbol);
  }

  /** Shares held; negative for a short. */
  heldOf(symbol: string): number {
    return this.lines.get(symbol)?.held ?? 0;
  }

  /** Last price; undefined where none was printed. */
  markOf(symbol: string): number | undefined {
    const mark = this.lines.get(symbol)?.mark ?? 0;
    return mark > 0 ? mark : undefined;
  }

  /** What open buys of a symbol may add. */
  buyingOf(symbol: string): number {
    return this.lines.get(symbol)?.buying ?? 0;
  }

  /** Whether an order of the symbol and side is open. */
  works(symbol: string, side: OrderSide): boolean {
    const open = this.lines.get(symbol)?.open;
    if (open === undefined || open.size === 0) return false;
    for (const order of open.values()) if (order.side === side) return true;
    return false;
  }

  /** Value of a sector with what open buys may add; infinite while a line of it has no price. */
  sectorValue(sector: string): number {
    const sum = this.sectors.get(sector);
    return sum === undefined ? 0 : sum.unpriced > 0 ? Number.POSITIVE_INFINITY : sum.value;
  }

  /** Takes an order that was accepted and is on its way to the venue. */
  open(order: OpenOrder): void {
    this.count();
    this.place(order);
    this.traded += order.quantity * (this.worstOf(order) ?? 0);
  }

  /** Takes an order as filled altogether: in a batch whose orders the venue nets, as in an opening auction. */
  settle(execution: Execution): void {
    this.count();
    const { symbol, side, quantity, price } = execution;
    this.traded += quantity * price;
    this.move(execution);
    // It is no position yet: another one of the symbol and side would double it.
    this.line(symbol).open.set(`settled:${this.orders}`, { side, quantity: 0, price });
  }

  /**
   * Takes an execution of an open order.
   * @throws RangeError for an order that is not open, or more than it has left
   */
  fill(clientOrderId: string, execution: Execution): void {
    const { symbol, quantity } = execution;
    this.release(symbol, clientOrderId, quantity);
    this.move(execution);
  }

  /**
   * An order has ended, whatever it has left is gone.
   * @throws RangeError for an order that is not open
   */
  end(symbol: string, clientOrderId: string): void {
    const { quantity, price = 0 } = this.standing(symbol, clientOrderId);
    this.traded -= quantity * price;
    this.release(symbol, clientOrderId, quantity);
  }

  /** Takes a new price: positions, equity and what open orders at the market may cost move with it. */
  mark(symbol: string, price: Money): void {
    const line = this.line(symbol);
    const { held, open } = line;
    if (line.mark > 0) this.worth += held * (price - line.mark);
    this.hold(symbol, 0);
    const orders = [...open].filter(([, { quantity }]) => quantity > 0).map(([id, order]) => ({ id, ...order }));
    for (const { id, quantity } of orders) this.release(symbol, id, quantity);
    line.mark = price;
    this.hold(symbol, held);
    for (const { id, side, quantity, price: before = 0 } of orders) {
      const worst = Math.max(before, price);
      this.traded += quantity * (worst - before);
      this.stand(symbol, id, { side, quantity, price: worst });
    }
  }

  private count(): void {
    this.orders += 1;
    this.ordersOfMinute += 1;
  }

  private place(order: OpenOrder): void {
    const { clientOrderId, symbol, side, quantity } = order;
    this.stand(symbol, clientOrderId, { side, quantity, price: this.worstOf(order) });
  }

  private worstOf({ symbol, limitPrice }: OpenOrder): number | undefined {
    const mark = this.markOf(symbol);
    return limitPrice === undefined ? mark : Math.max(limitPrice, mark ?? 0);
  }

  private stand(symbol: string, clientOrderId: string, order: Standing): void {
    const line = this.line(symbol);
    if (line.open.has(clientOrderId)) throw new RangeError(`order ${clientOrderId} is open already`);
    line.open.set(clientOrderId, order);
    this.weigh(line, order, 1);
  }

  private release(symbol: string, clientOrderId: string, quantity: number): void {
    const order = this.standing(symbol, clientOrderId);
    if (quantity > order.quantity) throw new RangeError(`order ${clientOrderId} has ${order.quantity} left`);
    const line = this.line(symbol);
    this.weigh(line, order, -1);
    order.quantity -= quantity;
    if (order.quantity > 0) this.weigh(line, order, 1);
    else line.open.delete(clientOrderId);
  }

  private standing(symbol: string, clientOrderId: string): Standing {
    const order = this.lines.get(symbol)?.open.get(clientOrderId);
    if (!order) throw new RangeError(`order ${clientOrderId} of ${symbol} is not open`);
    return order;
  }

  /** Adds what an order may still do to the sums, or takes it off. */
  private weigh(line: Line, { side, quantity, price }: Standing, sign: 1 | -1): void {
    // A sale may never fill: it frees nothing before it has.
    if (side === 'sell') return;
    const sector = this.sectorSum(line.sector);
    if (price === undefined) {
      this.unpricedBuys += sign;
      sector.unpriced += sign;
      return;
    }
    const amount = sign * quantity * price;
    line.buying += amount;
    this.buying += amount;
    sector.value += amount;
  }

  private move({ symbol, side, quantity, price }: Execution): void {
    const line = this.line(symbol);
    const { mark } = line;
    const sign = side === 'buy' ? 1 : -1;
    this.cash -= sign * quantity * price;
    if (mark > 0) this.worth += sign * quantity * (mark - price);
    this.hold(symbol, line.held + sign * quantity);
  }

  /** Sets what is held of a symbol, and every sum with it. */
  private hold(symbol: string, quantity: number): void {
    const line = this.line(symbol);
    const sector = this.sectorSum(line.sector);
    const value = Math.abs(quantity) * line.mark;
    const unpriced = (held: number): number => (held !== 0 && line.mark === 0 ? 1 : 0);
    sector.unpriced += unpriced(quantity) - unpriced(line.held);
    sector.value += value - line.value;
    this.held = Math.max(0, this.held + value - line.value);
    this.shorted += Math.max(0, -quantity) * line.mark - Math.max(0, -line.held) * line.mark;
    line.held = quantity;
    line.value = value;
  }

  private line(symbol: string): Line {
    const known = this.lines.get(symbol);
    if (known) return known;
    const sector = this.sectorOf[symbol];
    const line: Line = { sector, held: 0, mark: 0, value: 0, buying: 0, open: new Map() };
    this.lines.set(symbol, line);
    return line;
  }

  private sectorSum(sector: string | undefined): SectorSum {
    // A symbol without a sector is held against none.
    if (sector === undefined) return { value: 0, unpriced: 0 };
    const known = this.sectors.get(sector);
    if (known) return known;
    const sum = { value: 0, unpriced: 0 };
    this.sectors.set(sector, sum);
    return sum;
  }
}
