import { marketImpact, type ImpactModel } from '#domain/costs/marketImpact.ts';
import {
  marketOfBars,
  marketSessions,
  marketSessionsMin,
  type BarsMarket,
  type SpreadEstimator,
} from '#domain/costs/marketOfBars.ts';
import type { CostRates } from '#domain/costs.ts';
import { dollars, type Money } from '#domain/money.ts';
import type { MarketCursor, SymbolBars } from './barMarket.ts';

/** What crossing the market costs, as the bars before an order tell it. */
export interface MarketCostRules {
  /** Half of the spread that this estimator tells takes the place of the fixed one, where it tells any. */
  readonly spread?: SpreadEstimator;
  /** What the order's own size moves the price by, on top. */
  readonly impact?: Extract<ImpactModel, { readonly kind: 'squareRoot' }>;
}

/** Rates of one order, and what part of what is paid in the price its own size makes. */
export interface OrderRates {
  readonly rates: CostRates;
  /** A fraction in [0, 1]. */
  readonly impactPart: number;
}

/**
 * Costs by the newest quarter of bars before the session: nothing of the session itself, which nobody knew when the order
 * was given. A symbol with less than a month of bars trades at the fixed rates, and the fill is counted.
 */
export class MarketCosts {
  /** Fills of symbols of which too little was known. */
  unmeasuredFills = 0;
  private readonly cursor: MarketCursor;
  private readonly rates: CostRates;
  private readonly rules: MarketCostRules | undefined;
  /** By symbol: the bar up to which the market was told, and what it told. */
  private readonly told = new Map<number, { readonly bar: number; readonly market: BarsMarket | undefined }>();

  constructor(cursor: MarketCursor, rates: CostRates, rules: MarketCostRules | undefined) {
    this.cursor = cursor;
    this.rates = rates;
    this.rules = rules;
  }

  /** Rates at which so many shares of a symbol would trade in the session. */
  of(symbol: number, quantity: number): OrderRates {
    const { rules, rates } = this;
    const market = rules && this.marketBefore(symbol);
    if (!market) return { rates, impactPart: 0 };
    const spread = rules.spread && market.spreads[rules.spread].spreadFraction;
    const half = spread === undefined ? rates.halfSpreadBasisPoints : spread * 5_000;
    const impact = rules.impact === undefined ? 0 : this.impactOf(rules.impact, { symbol, quantity, market });
    const halfSpreadBasisPoints = half + impact;
    return {
      rates: { ...rates, halfSpreadBasisPoints },
      impactPart: halfSpreadBasisPoints > 0 ? impact / halfSpreadBasisPoints : 0,
    };
  }

  /** Counts a fill whose costs were asked of the bars, which told nothing. */
  count(symbol: number): void {
    if (this.rules && !this.marketBefore(symbol)) this.unmeasuredFills += 1;
  }

  /** Basis points. */
  private impactOf(
    model: NonNullable<MarketCostRules['impact']>,
    { symbol, quantity, market }: { readonly symbol: number; readonly quantity: number; readonly market: BarsMarket },
  ): number {
    const { averageDailyVolume, dailyVolatility } = market;
    if (quantity === 0 || averageDailyVolume === 0) return 0;
    const bars = this.cursor.market.symbols[symbol]!;
    const bar = this.cursor.newest[symbol]!;
    // Shares as they were at the symbol's first bar, as those of the market before.
    const order = { quantity: quantity / sharesOfFirst(bars, bar), price: 1, averageDailyVolume, dailyVolatility };
    return marketImpact(model, { ...order, durationSessions: 1 }).temporary * 10_000;
  }

  private marketBefore(symbol: number): BarsMarket | undefined {
    const bar = this.cursor.barBefore(symbol);
    const known = this.told.get(symbol);
    if (known?.bar === bar) return known.market;
    const market = bar + 1 < marketSessionsMin ? undefined : marketAt(this.cursor.market.symbols[symbol]!, bar);
    this.told.set(symbol, { bar, market });
    return market;
  }
}

/** What the newest quarter up to a bar tells, in shares as they were at the symbol's first bar. */
function marketAt(bars: SymbolBars, bar: number): BarsMarket {
  const from = Math.max(0, bar + 1 - marketSessions);
  const column = (of: (at: number) => number): Float64Array =>
    Float64Array.from({ length: bar + 1 - from }, (_, index) => of(from + index));
  const price = (values: Float64Array) => column((at) => dollars(values[at]! as Money) * sharesOfFirst(bars, at));
  return marketOfBars({
    high: price(bars.high),
    low: price(bars.low),
    close: price(bars.close),
    volume: column((at) => bars.volume[at]! / sharesOfFirst(bars, at)),
  });
}

/** Shares that one of the first bar has become. */
function sharesOfFirst({ close, comparableClose }: SymbolBars, bar: number): number {
  return comparableClose[bar]! / close[bar]!;
}
