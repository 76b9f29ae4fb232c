import type { StockAccount } from './stockAccount.ts';
import { indicatorCount, type StockMarket } from './stockMarket.ts';

/** Numbers of an observation of a market. */
export function observationSize(market: StockMarket): number {
  const { stocks, predictions } = market;
  return 1 + stocks * (2 + indicatorCount(market) + (predictions ? 1 : 0));
}

/**
 * Writes what an agent sees, in FinRL's order: cash, prices, shares held, each indicator of all stocks, then the
 * forecasts. Scaled, cash is a fraction of the first cash, a price one of the stock's price in the first session, and
 * shares are their value as a fraction of the first cash.
 */
export class Observer {
  readonly size: number;
  private readonly market: StockMarket;
  private readonly cashScale: number;
  private readonly isScaled: boolean;
  /** Prices, shape [sessions, stocks], as they are shown. */
  private readonly prices: Float32Array;
  /** Indicators and forecasts, shape [sessions, ...]. */
  private readonly rest: Float32Array;
  private readonly restSize: number;

  constructor(market: StockMarket, rules: { readonly initialCash: number; readonly observation: 'raw' | 'scaled' }) {
    const { sessions, stocks, prices, indicators, predictions } = market;
    this.market = market;
    this.isScaled = rules.observation === 'scaled';
    this.cashScale = this.isScaled ? 1 / rules.initialCash : 1;
    this.prices = Float32Array.from(prices, (price, at) => (this.isScaled ? price / prices[at % stocks]! : price));
    const width = stocks * indicatorCount(market);
    this.restSize = width + (predictions ? stocks : 0);
    this.rest = new Float32Array(sessions * this.restSize);
    for (let session = 0; session < sessions; session += 1) {
      const place = session * this.restSize;
      this.rest.set(indicators.subarray(session * width, (session + 1) * width), place);
      if (predictions) this.rest.set(predictions.subarray(session * stocks, (session + 1) * stocks), place + width);
    }
    this.size = observationSize(market);
  }

  /** @param into at least `size` places */
  write({ cash, shares }: StockAccount, session: number, into: Float32Array): void {
    const { stocks, prices } = this.market;
    const { restSize } = this;
    const first = session * stocks;
    into[0] = cash * this.cashScale;
    for (let stock = 0; stock < stocks; stock += 1) {
      into[1 + stock] = this.prices[first + stock]!;
      const held = shares[stock]!;
      into[1 + stocks + stock] = this.isScaled ? held * prices[first + stock]! * this.cashScale : held;
    }
    const rest = session * restSize;
    into.set(this.rest.subarray(rest, rest + restSize), 1 + 2 * stocks);
  }
}
