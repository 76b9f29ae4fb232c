/** Prices of bars, oldest first, each > 0 and shape [bars]. */
export interface PriceBars {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** A quoted spread told from prices alone. */
export interface SpreadEstimate {
  /** Over the price, a fraction, >= 0; undefined where the prices tell of none: their moves are more than a spread's. */
  readonly spreadFraction: number | undefined;
  /** Of the spread; undefined with it. */
  readonly standardError: number | undefined;
  /** Pairs of bars it rests on. */
  readonly observations: number;
}

/** A mean and its standard error. */
interface Mean {
  readonly mean: number;
  readonly standardError: number;
  readonly observations: number;
}

/**
 * Checks bars before a spread is told from them.
 * @throws RangeError when shapes differ, a price is not finite and positive, or a bar's prices contradict each other
 */
function checkBars({ high, low, close }: PriceBars): void {
  if (high.length !== low.length || high.length !== close.length) throw new RangeError('prices differ in length');
  for (let at = 0; at < close.length; at += 1) {
    const inOrder = low[at]! > 0 && low[at]! <= close[at]! && close[at]! <= high[at]! && Number.isFinite(high[at]!);
    if (!inOrder) throw new RangeError(`bar ${at + 1}: low ${low[at]}, close ${close[at]}, high ${high[at]}`);
  }
}

/**
 * Spread from the highs and lows of pairs of days: a day's range holds the variance of a day and the spread, that of two
 * days twice the variance and the spread. Overnight gaps are taken out; a pair that tells of a negative spread counts as 0.
 * Source: Corwin and Schultz, A Simple Way to Estimate Bid-Ask Spreads from Daily High and Low Prices, Journal of Finance 67
 * (2012).
 * @throws RangeError for prices that are not bars
 */
export function corwinSchultzSpread(bars: PriceBars): SpreadEstimate {
  checkBars(bars);
  const { high, low, close } = bars;
  const scale = 3 - 2 * Math.SQRT2;
  const spreads: number[] = [];
  for (let at = 1; at < close.length; at += 1) {
    const before = close[at - 1]!;
    // A gap between the close and the next range is no range: the next day is shifted to touch the close.
    const gap = Math.max(0, low[at]! - before) + Math.min(0, high[at]! - before);
    const [nextHigh, nextLow] = [high[at]! - gap, low[at]! - gap];
    const beta = Math.log(high[at - 1]! / low[at - 1]!) ** 2 + Math.log(nextHigh / nextLow) ** 2;
    const gamma = Math.log(Math.max(high[at - 1]!, nextHigh) / Math.min(low[at - 1]!, nextLow)) ** 2;
    const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / scale - Math.sqrt(gamma / scale);
    spreads.push(Math.max(0, (2 * Math.expm1(alpha)) / (1 + Math.exp(alpha))));
  }
  const told = meanOf(spreads);
  if (told === undefined) return untold(spreads.length);
  return { spreadFraction: told.mean, standardError: told.standardError, observations: told.observations };
}

/**
 * Spread from the bounce of closes between bid and ask: twice the root of minus the covariance of successive changes.
 * Undefined where that covariance is not negative.
 * Source: Roll, A Simple Implicit Measure of the Effective Bid-Ask Spread in an Efficient Market, Journal of Finance 39 (1984).
 * @throws RangeError for prices that are not bars
 */
export function rollSpread(bars: PriceBars): SpreadEstimate {
  checkBars(bars);
  const changes = Array.from(bars.close.subarray(1), (close, at) => Math.log(close / bars.close[at]!));
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return spreadOf(changes.slice(1).map((change, at) => -(change - mean) * (changes[at]! - mean)));
}

/**
 * Spread from closes and the middles of ranges: the close's distance from its own middle times that from the next one.
 * Undefined where the mean of the products is not positive.
 * Source: Abdi and Ranaldo, A Simple Estimation of Bid-Ask Spreads from Daily Close, High, and Low Prices, Review of
 * Financial Studies 30 (2017), equation 8.
 * @throws RangeError for prices that are not bars
 */
export function abdiRanaldoSpread(bars: PriceBars): SpreadEstimate {
  checkBars(bars);
  const { high, low, close } = bars;
  const middles = Array.from(high, (top, at) => (Math.log(top) + Math.log(low[at]!)) / 2);
  return spreadOf(
    middles.slice(1).map((next, at) => {
      const last = Math.log(close[at]!);
      return (last - middles[at]!) * (last - next);
    }),
  );
}

/** Twice the root of a mean of products; its error by the delta method. */
function spreadOf(products: readonly number[]): SpreadEstimate {
  const told = meanOf(products);
  if (told === undefined || !(told.mean > 0)) return untold(products.length);
  const root = Math.sqrt(told.mean);
  return { spreadFraction: 2 * root, standardError: told.standardError / root, observations: told.observations };
}

function untold(observations: number): SpreadEstimate {
  return { spreadFraction: undefined, standardError: undefined, observations };
}

function meanOf(values: readonly number[]): Mean | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count), observations: count };
}
