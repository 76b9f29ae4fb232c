import type { BreakerProfile } from './breaker.ts';
import type { CostRates } from './costs.ts';
import { moneyFromDollars } from './money.ts';
import type { NoTradeBand } from './noTradeBand.ts';
import type { PreTradeLimits } from './preTradeLimits.ts';
import { openingAuctionRules, type RebalanceRules } from './rebalance.ts';
import type { RegimeChanges } from './regimeLimits.ts';
import type { SizingLimits } from './sizing.ts';

/** What an account may do, as the settings say it; fractions of equity unless named otherwise. */
export interface TradingLimits extends SizingLimits {
  readonly orderNotionalMaxDollars: number;
  readonly ordersPerSessionMax: number;
  /** As the limits before a trade name them; absent: not looked at. */
  readonly tradeRisk?: PreTradeLimits['tradeRisk'];
  readonly grossNotionalMaxDollars?: number;
  readonly netFractionMax?: number;
  readonly turnoverFractionMax?: number;
  readonly ordersPerMinuteMax?: number;
  readonly dailyLossFractionMax?: number;
  readonly drawdownFractionMax?: number;
  /** Symbols of which nothing is traded. */
  readonly restrictedSymbols: readonly string[];
  /** What the volatility regime makes of the limits; absent: nothing. */
  readonly regimes?: RegimeChanges;
  /** How far weights may drift before they are traded; absent: not at all. */
  readonly band?: NoTradeBand;
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

/** How target weights are reached, by session and backtest alike. */
export function rebalanceRulesOf({ band }: Pick<TradingLimits, 'band'>): RebalanceRules {
  return { ...openingAuctionRules, ...(band && { band }) };
}

const priceCollarFraction = 0.2;

/** The limits that every order is held against, by session and backtest alike. */
export function preTradeLimitsOf(limits: TradingLimits): PreTradeLimits {
  const { orderNotionalMaxDollars, grossNotionalMaxDollars, restrictedSymbols, sectors, tradeRisk } = limits;
  const { positionFractionMax, leverageMax, ordersPerSessionMax } = limits;
  const { netFractionMax, turnoverFractionMax, ordersPerMinuteMax, dailyLossFractionMax, drawdownFractionMax } = limits;
  return {
    positionFractionMax,
    leverageMax,
    orderNotionalMax: moneyFromDollars(orderNotionalMaxDollars),
    ordersPerSessionMax,
    priceCollarFraction,
    restricted: restrictedSymbols,
    ...(sectors && { sectors }),
    ...(tradeRisk && { tradeRisk }),
    ...(grossNotionalMaxDollars !== undefined && { grossNotionalMax: moneyFromDollars(grossNotionalMaxDollars) }),
    ...(netFractionMax !== undefined && { netFractionMax }),
    ...(turnoverFractionMax !== undefined && { turnoverFractionMax }),
    ...(ordersPerMinuteMax !== undefined && { ordersPerMinuteMax }),
    ...(dailyLossFractionMax !== undefined && { dailyLossFractionMax }),
    ...(drawdownFractionMax !== undefined && { drawdownFractionMax }),
  };
}
