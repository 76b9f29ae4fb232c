import { StockAccount } from './stockAccount.ts';
import type { StockMarket } from './stockMarket.ts';
import { Observer } from './stockObservation.ts';
import type { TradingRules } from './stockTrading.ts';

/** How an account fared; plain JSON. */
export interface PlayedAccount {
  /** Dollars of cash and holdings at each session's close, shape [sessions]. */
  readonly assets: readonly number[];
  /** Dollars bought and sold at each session's close but the last, shape [sessions - 1]. */
  readonly traded: readonly number[];
  /** Dollars paid to trade. */
  readonly paidCosts: number;
}

/**
 * One account through a market from its first session to its last, as `StockTradingEnvironment` plays it, with
 * everything kept that figures are made from.
 */
export class MarketWalk {
  /** Shape [observationSize]: what is seen now. */
  readonly observation: Float32Array;
  private readonly market: StockMarket;
  private readonly rules: TradingRules;
  private readonly observer: Observer;
  private readonly account: StockAccount;
  private readonly assets: number[];
  private readonly traded: number[] = [];
  private session = 0;

  constructor(market: StockMarket, rules: TradingRules) {
    this.market = market;
    this.rules = rules;
    this.observer = new Observer(market, rules);
    this.observation = new Float32Array(this.observer.size);
    this.account = new StockAccount(market.stocks, rules);
    this.account.open();
    this.assets = [this.account.assets];
    this.observe();
  }

  get isFirst(): boolean {
    return this.session === 0;
  }

  get isOver(): boolean {
    return this.session === this.market.sessions - 1;
  }

  /** Shares held, shape [stocks]. */
  get shares(): Float64Array {
    return this.account.shares;
  }

  /** Closes of the session, shape [stocks]. */
  get prices(): Float64Array {
    const { prices, stocks } = this.market;
    return prices.subarray(this.session * stocks, (this.session + 1) * stocks);
  }

  /** Dollars of cash and holdings now. */
  get worth(): number {
    return this.account.assets;
  }

  /** Simple returns of the sessions so far, shape [sessions so far]. */
  get returns(): readonly number[] {
    return this.assets.slice(1).map((assets, session) => assets / this.assets[session]! - 1);
  }

  /** Trades as an agent does and goes to the next session. @param orders shape [stocks], in [-1, 1] */
  step(orders: Float32Array): void {
    this.advance(() => this.account.trade(orders, this.prices, this.isTurbulent()));
  }

  /** Trades whole shares and goes to the next session; turbulence stops nobody. @param shares shape [stocks] */
  order(shares: Float64Array): void {
    this.advance(() => this.account.order(shares, this.prices));
  }

  /** What came of it so far. */
  played(): PlayedAccount {
    return { assets: [...this.assets], traded: [...this.traded], paidCosts: this.account.paidCosts };
  }

  private advance(trade: () => void): void {
    const before = this.shares.slice();
    trade();
    this.traded.push(
      this.shares.reduce((sum, held, stock) => sum + Math.abs(held - before[stock]!) * this.prices[stock]!, 0),
    );
    this.session += 1;
    this.assets.push(this.account.value(this.prices));
    this.observe();
  }

  private isTurbulent(): boolean {
    const { turbulenceThreshold } = this.rules;
    const { turbulence } = this.market;
    if (turbulence === undefined || turbulenceThreshold === undefined || this.session === 0) return false;
    return turbulence[this.session]! >= turbulenceThreshold;
  }

  private observe(): void {
    this.observer.write(this.account, this.session, this.observation);
  }
}
