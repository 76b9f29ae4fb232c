import type { BreakerProfile } from './breaker.ts';
import type { CostRates } from './costs.ts';
import type { PreTradeLimits } from './limits.ts';
import type { RegimeChanges } from './regimeLimits.ts';
import { moneyFromDollars } from './money.ts';
import type { SizingLimits } from './sizing.ts';

/** What an account may do, as the settings say it; fractions of equity unless named otherwise. */
export interface TradingLimits extends SizingLimits {
  readonly orderNotionalMaxDollars: number;
  readonly ordersPerSessionMax: number;
  /** Symbols of which nothing is traded. */
  readonly restrictedSymbols: readonly string[];
  /** What the volatility regime makes of the limits; absent: nothing. */
  readonly regimes?: RegimeChanges;
}

/**
 * Everything that decides what targets earn on an account; plain JSON. A session trades by these terms, and a model is
 * judged by the same ones.
 */
export interface TradingTerms {
  /** Cash the account opens with. */
  readonly cashDollars: number;
  readonly limits: TradingLimits;
  readonly breaker: BreakerProfile;
  readonly costs: CostRates;
}

const priceCollarFraction = 0.2;

/** The limits that every order is held against, by session and backtest alike. */
export function preTradeLimitsOf(limits: TradingLimits): PreTradeLimits {
  const { positionFractionMax, leverageMax, orderNotionalMaxDollars, ordersPerSessionMax, restrictedSymbols } = limits;
  const { sectors } = limits;
  return {
    positionFractionMax,
    leverageMax,
    orderNotionalMax: moneyFromDollars(orderNotionalMaxDollars),
    ordersPerSessionMax,
    priceCollarFraction,
    restricted: restrictedSymbols,
    ...(sectors && { sectors }),
  };
}
