/**
 * How far an order moves the price it trades at, and what it is fitted by. Coefficients without a unit are named so;
 * the defaults are those of the papers.
 */
export type ImpactModel =
  /**
   * Volatility of a day times the square root of the order over the day's volume, times a coefficient of order one:
   * Grinold and Kahn, Active Portfolio Management (1999), chapter 16; Toth et al., Physical Review X 1 (2011).
   */
  | { readonly kind: 'squareRoot'; readonly coefficient: number }
  /**
   * Linear impact of Almgren and Chriss (2000): `permanent` dollars a share for each share traded, `temporary` dollars a
   * share for each share a day of the trading rate.
   */
  | { readonly kind: 'almgrenChriss'; readonly permanent: number; readonly temporary: number }
  /**
   * Fitted to 700,000 orders of Citigroup, by Almgren, Thum, Hauptmann and Li, Direct Estimation of Equity Market Impact
   * (2005): permanent 0.314, temporary 0.142, without unit.
   */
  | {
      readonly kind: 'almgren2005';
      readonly permanent: number;
      readonly temporary: number;
      /** Shares that the company has issued. */
      readonly sharesOutstanding: number;
    }
  /** Kyle's lambda, dollars a share for each share of net buying: Econometrica 53 (1985). */
  | { readonly kind: 'kyle'; readonly lambda: number };

/** An order and the market it trades in. */
export interface TradedOrder {
  /** Shares, > 0. */
  readonly quantity: number;
  /** Dollars a share, > 0. */
  readonly price: number;
  /** Shares a day, > 0. */
  readonly averageDailyVolume: number;
  /** Standard deviation of a day's return, a fraction. */
  readonly dailyVolatility: number;
  /** Trading time from first to last share, sessions, > 0. */
  readonly durationSessions: number;
}

/** What trading moves the price by, averaged over the order's shares; fractions of the price, never negative. */
export interface MarketImpact {
  /** Gone when trading ends. */
  readonly temporary: number;
  /** Stays: half of what the price has moved at the end, when trading at an even rate. */
  readonly permanent: number;
}

/** The square root with the coefficient one: a day's volume costs a day's volatility. */
export const squareRootImpact: Extract<ImpactModel, { kind: 'squareRoot' }> = { kind: 'squareRoot', coefficient: 1 };

/**
 * The rule of thumb of Almgren and Chriss (2000), section 4.2: trading one percent of the day's volume moves the price by
 * the whole spread, ten percent for good.
 * @param spread quoted spread, dollars a share
 * @param averageDailyVolume shares a day, > 0
 */
export function almgrenChrissImpact(
  spread: number,
  averageDailyVolume: number,
): Extract<ImpactModel, { kind: 'almgrenChriss' }> {
  return {
    kind: 'almgrenChriss',
    permanent: spread / (0.1 * averageDailyVolume),
    temporary: spread / (0.01 * averageDailyVolume),
  };
}

/**
 * Impact of an order traded at an even rate. The square root is not split in its papers: all of it counts as temporary.
 * Kyle's is permanent.
 * @throws RangeError when anything of the order is not positive (volatility: negative), or a coefficient is negative
 */
export function marketImpact(model: ImpactModel, order: TradedOrder): MarketImpact {
  check(model, order);
  const { quantity, price, averageDailyVolume, dailyVolatility, durationSessions } = order;
  const part = quantity / averageDailyVolume;
  switch (model.kind) {
    case 'squareRoot':
      return { temporary: model.coefficient * dailyVolatility * Math.sqrt(part), permanent: 0 };
    case 'almgrenChriss':
      return {
        temporary: (model.temporary * quantity) / durationSessions / price,
        permanent: (model.permanent * quantity) / 2 / price,
      };
    case 'almgren2005': {
      const inverseTurnover = model.sharesOutstanding / averageDailyVolume;
      return {
        temporary: model.temporary * dailyVolatility * (part / durationSessions) ** 0.6,
        permanent: (model.permanent * dailyVolatility * part * inverseTurnover ** 0.25) / 2,
      };
    }
    case 'kyle':
      break;
  }
  return { temporary: 0, permanent: (model.lambda * quantity) / 2 / price };
}

function check(model: ImpactModel, order: TradedOrder): void {
  const { dailyVolatility, ...positive } = order;
  const { kind, ...coefficients } = model;
  const isPositive = Object.values(positive).every((value) => value > 0 && Number.isFinite(value));
  const isFit = [dailyVolatility, ...Object.values(coefficients)].every(
    (value) => value >= 0 && Number.isFinite(value),
  );
  if (!isPositive || !isFit) {
    throw new RangeError(`no impact of ${JSON.stringify(order)} by ${kind} ${JSON.stringify(coefficients)}`);
  }
}
