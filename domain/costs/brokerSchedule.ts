import type { Money } from '../money.ts';
import type { SessionDate } from '../sessionDate.ts';
import type { DatedRates } from './datedRates.ts';
import type { ChargeRounding } from './exactCharge.ts';
import type { TradingActivityRate } from './regulatoryFees.ts';

/** Names of the brokers' schedules, as settings and commands say them. */
export const brokerScheduleNames = ['alpaca', 'ibkr-fixed', 'ibkr-tiered', 'schwab'] as const;

/** One of the schedules. */
export type BrokerScheduleName = (typeof brokerScheduleNames)[number];

/** A price for each share that falls with the shares of a calendar month; each tier prices only the shares within it. */
export interface CommissionTier {
  /** Shares of the month, this order's among them, up to which the tier goes; absent in the last one. */
  readonly monthSharesMax?: number;
  /** Billionths of a dollar for each share. */
  readonly shareBillionths: number;
}

/** A commission by the share, at least so much an order and at most a part of its value; the maximum wins. */
export interface PerShareCommission {
  /** Ascending; one at least. */
  readonly tiers: readonly CommissionTier[];
  readonly orderMin: Money;
  /** Largest commission, basis points of the order's value. */
  readonly orderMaxBasisPoints: number;
}

/** What somebody else than the broker is paid, passed on by it. */
export type PassedOnFee =
  /** On the value of sales, cents for each million dollars. */
  | { readonly kind: 'section31'; readonly rates: DatedRates<number> }
  /** On shares sold. */
  | { readonly kind: 'tradingActivity'; readonly rates: DatedRates<TradingActivityRate> }
  /** On shares bought and sold, billionths of a dollar each. */
  | { readonly kind: 'auditTrail'; readonly rates: DatedRates<number> }
  /** On every share, at most a part of the value. */
  | { readonly kind: 'clearing'; readonly shareBillionths: number; readonly maxBasisPoints: number }
  /** On shares that took liquidity: by the share from a dollar on, below it by the value. */
  | { readonly kind: 'exchange'; readonly shareBillionths: number; readonly belowDollarBasisPoints: number }
  /** A part of the broker's own commission, in its millionths. */
  | { readonly kind: 'nysePassThrough'; readonly rates: DatedRates<number> }
  | { readonly kind: 'finraPassThrough'; readonly rates: DatedRates<number> };

/** What is charged, by name. */
export type ChargeKind = 'commission' | PassedOnFee['kind'];

/** What a broker charges for US shares, as data. */
export interface BrokerSchedule {
  readonly name: BrokerScheduleName;
  readonly title: string;
  /** Pages it was taken from. */
  readonly source: string;
  /** First session on which it is documented. */
  readonly from: SessionDate;
  /** Last session on which it is certain. */
  readonly through: SessionDate;
  /** How each charge is rounded. */
  readonly rounding: ChargeRounding;
  /** Absent where the broker takes none. */
  readonly commission?: PerShareCommission;
  readonly passedOn: readonly PassedOnFee[];
}
