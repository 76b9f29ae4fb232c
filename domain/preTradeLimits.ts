import type { Money } from './money.ts';
import type { SectorLimits } from './sectorLimits.ts';

/** Limits of an account; fractions are of equity. What is absent is not looked at. */
export interface PreTradeLimits {
  readonly orderNotionalMax: Money;
  /** What an order may lose when the price runs to its stop. */
  readonly tradeRisk?: {
    readonly fractionMax: number;
    /** Distance of the stop from the price of entry, a fraction of the latter. */
    readonly stopLossFraction: number;
  };
  /** Largest position; infinity where a rule of equal weights sets its own. */
  readonly positionFractionMax: number;
  readonly sectors?: SectorLimits;
  /** Longs and shorts together, an amount. */
  readonly grossNotionalMax?: Money;
  /** Longs less shorts. */
  readonly netFractionMax?: number;
  /** Longs and shorts together. */
  readonly leverageMax: number;
  /** Notional bought and sold in one session. */
  readonly turnoverFractionMax?: number;
  readonly ordersPerSessionMax: number;
  readonly ordersPerMinuteMax?: number;
  /** Loss since the close before the session, over which nothing is added. */
  readonly dailyLossFractionMax?: number;
  /** Loss from the high-water mark, over which nothing is added. */
  readonly drawdownFractionMax?: number;
  /** How far a reference price may lie from the last printed one, a fraction of the latter. */
  readonly priceCollarFraction: number;
  readonly restricted: readonly string[];
}
