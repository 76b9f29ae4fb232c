/** What an account trades by. */
export interface AccountRules {
  readonly initialCash: number;
  readonly sharesMax: number;
  readonly buyCostFraction: number;
  readonly sellCostFraction: number;
  /** What a stock may be of cash and holdings when more of it is bought; without, no stock is held to a limit. */
  readonly holdingFractionMax?: number;
}

/** One account of the trading environment: cash and whole shares, never borrowed, never short. */
export class StockAccount {
  /** Shares held, shape [stocks]. */
  readonly shares: Float64Array;
  /** Dollars. */
  cash = 0;
  /** Dollars paid to trade since the account was opened. */
  paidCosts = 0;
  /** Orders since the account was opened. */
  trades = 0;
  /** Dollars of cash and holdings when they were last valued. */
  assets = 0;
  private readonly rules: AccountRules;
  private readonly ordered: Float64Array;

  constructor(stocks: number, rules: AccountRules) {
    this.shares = new Float64Array(stocks);
    this.ordered = new Float64Array(stocks);
    this.rules = rules;
  }

  /** Begins anew with cash alone. */
  open(): void {
    this.shares.fill(0);
    this.cash = this.rules.initialCash;
    this.paidCosts = 0;
    this.trades = 0;
    this.assets = this.cash;
  }

  /** Values cash and holdings at prices, summed in the order of stocks. */
  value(prices: Float64Array): number {
    let holdings = 0;
    for (let stock = 0; stock < prices.length; stock += 1) holdings += prices[stock]! * this.shares[stock]!;
    this.assets = this.cash + holdings;
    return this.assets;
  }

  /**
   * Sells, the largest order first, then buys, the largest first, as far as cash goes.
   * @param actions shape [stocks], in [-1, 1]: fractions of `sharesMax`, rounded towards zero
   * @param isTurbulent sells everything and buys nothing instead
   */
  trade(actions: Float32Array, prices: Float64Array, isTurbulent: boolean): void {
    if (isTurbulent) {
      for (let stock = 0; stock < prices.length; stock += 1) this.sell(stock, Infinity, prices[stock]!);
      return;
    }
    for (let stock = 0; stock < prices.length; stock += 1) {
      this.ordered[stock] = Math.trunc(Math.fround(actions[stock]! * this.rules.sharesMax));
    }
    this.fill(this.ordered, prices);
  }

  /**
   * As `trade`, from whole shares: more than zero are bought, less are sold.
   * @param shares shape [stocks]
   */
  order(shares: Float64Array, prices: Float64Array): void {
    this.ordered.set(shares);
    this.fill(this.ordered, prices);
  }

  /** Plain numbers that `restore` takes back. */
  save(): readonly number[] {
    return [this.cash, this.paidCosts, this.trades, ...this.shares];
  }

  /** Takes back what `save` gave; value it afterwards. */
  restore([cash = 0, paidCosts = 0, trades = 0, ...shares]: readonly number[]): void {
    this.cash = cash;
    this.paidCosts = paidCosts;
    this.trades = trades;
    this.shares.set(shares);
  }

  private fill(ordered: Float64Array, prices: Float64Array): void {
    const stocks = prices.length;
    // Shares and stock in one whole number: a plain sort orders by shares, then by stock.
    for (let stock = 0; stock < stocks; stock += 1) ordered[stock] = ordered[stock]! * stocks + stock;
    ordered.sort();
    let at = 0;
    for (; at < stocks && ordered[at]! < 0; at += 1) {
      const shares = Math.floor(ordered[at]! / stocks);
      const stock = ordered[at]! - shares * stocks;
      this.sell(stock, -shares, prices[stock]!);
    }
    for (let last = stocks - 1; last >= at && ordered[last]! >= stocks; last -= 1) {
      const shares = Math.floor(ordered[last]! / stocks);
      const stock = ordered[last]! - shares * stocks;
      this.buy(stock, shares, prices[stock]!);
    }
  }

  private sell(stock: number, wanted: number, price: number): void {
    const shares = Math.min(wanted, this.shares[stock]!);
    if (shares === 0) return;
    const { sellCostFraction } = this.rules;
    this.cash += price * shares * (1 - sellCostFraction);
    this.shares[stock]! -= shares;
    this.paidCosts += price * shares * sellCostFraction;
    this.trades += 1;
  }

  /** FinRL counts an order that no cash was left for as a trade; so does this. */
  private buy(stock: number, wanted: number, price: number): void {
    const { buyCostFraction } = this.rules;
    let shares = Math.min(wholeQuotient(this.cash, price * (1 + buyCostFraction)), this.allowed(stock, wanted, price));
    if (price * shares * (1 + buyCostFraction) > this.cash) shares -= 1;
    this.cash -= price * shares * (1 + buyCostFraction);
    this.shares[stock]! += shares;
    this.paidCosts += price * shares * buyCostFraction;
    this.trades += 1;
  }

  /** As many of the wanted shares as the limit on a holding leaves, by what the account was worth before it traded. */
  private allowed(stock: number, wanted: number, price: number): number {
    const { holdingFractionMax } = this.rules;
    if (holdingFractionMax === undefined) return wanted;
    const held = this.shares[stock]!;
    return Math.min(wanted, Math.max(0, wholeQuotient(holdingFractionMax * this.assets, price) - held));
  }
}

/** The exact quotient rounded down: dividing first could round up to a share too many. */
function wholeQuotient(dividend: number, divisor: number): number {
  return Math.round((dividend - (dividend % divisor)) / divisor);
}
