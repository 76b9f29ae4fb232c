import type { Money } from '../money.ts';
import { moneyFromDollars } from '../money.ts';
import { sessionDate } from '../sessionDate.ts';
import type { DatedRate, DatedRates } from './datedRates.ts';

// By the order of fiscal year 2026 the rate of Section 31 stays until 60 days after the next appropriation, which no fiscal
// year has before 1 October.
const certainThrough = sessionDate('2026-11-29');

const section31 = (from: string, dollarsPerMillion: number): DatedRate<number> => ({
  from: sessionDate(from),
  rate: Math.round(dollarsPerMillion * 100),
});

/**
 * Fee of Section 31 of the Securities Exchange Act, on the value of sales, in cents for each million dollars. By the SEC's
 * fee rate advisories and orders (2026: Release 34-104909, 91 FR 10643), each from its first charge date.
 */
export const section31Fee: DatedRates<number> = {
  source: 'SEC, fee rate advisories and orders under Section 31 of the Securities Exchange Act',
  rates: [
    section31('2007-03-17', 15.3),
    section31('2008-01-25', 11),
    section31('2008-04-01', 5.6),
    section31('2009-04-10', 25.7),
    section31('2010-01-15', 12.7),
    section31('2010-04-01', 16.9),
    section31('2011-01-21', 19.2),
    section31('2012-02-21', 18),
    section31('2012-04-01', 22.4),
    section31('2013-05-25', 17.4),
    section31('2014-03-18', 22.1),
    section31('2015-02-14', 18.4),
    section31('2016-02-16', 21.8),
    section31('2017-07-04', 23.1),
    section31('2018-05-22', 13),
    section31('2019-04-16', 20.7),
    section31('2020-02-18', 22.1),
    section31('2021-02-25', 5.1),
    section31('2022-05-14', 22.9),
    section31('2023-02-27', 8),
    section31('2024-05-22', 27.8),
    section31('2025-05-14', 0),
    section31('2026-04-04', 20.6),
  ],
  through: certainThrough,
};

/** A fee for each share sold, up to a sum. */
export interface TradingActivityRate {
  /** Billionths of a dollar for each share. */
  readonly shareBillionths: number;
  /** Largest fee of one trade. */
  readonly tradeMax: Money;
}

const tradingActivity = (
  from: string,
  shareBillionths: number,
  maxDollars: number,
): DatedRate<TradingActivityRate> => ({
  from: sessionDate(from),
  rate: { shareBillionths, tradeMax: moneyFromDollars(maxDollars) },
});

/**
 * FINRA's Trading Activity Fee on shares sold, by Section 1 of Schedule A to its By-Laws (Notice to Members 04-70,
 * Regulatory Notices 11-27, 12-06 and 12-31, SR-FINRA-2020-032, SR-FINRA-2024-019).
 */
export const tradingActivityFee: DatedRates<TradingActivityRate> = {
  source: 'FINRA, By-Laws, Schedule A, Section 1',
  rates: [
    tradingActivity('2004-11-01', 75_000, 3.75),
    tradingActivity('2011-07-01', 90_000, 4.5),
    tradingActivity('2012-03-01', 95_000, 4.75),
    tradingActivity('2012-07-01', 119_000, 5.95),
    tradingActivity('2022-01-01', 130_000, 6.49),
    tradingActivity('2023-01-01', 145_000, 7.27),
    tradingActivity('2024-01-01', 166_000, 8.3),
    tradingActivity('2026-01-01', 195_000, 9.79),
  ],
  through: certainThrough,
};

const auditTrail = (from: string, shareBillionths: number): DatedRate<number> => ({
  from: sessionDate(from),
  rate: shareBillionths,
});

/**
 * What brokers pass on of the Consolidated Audit Trail, on shares bought and sold, billionths of a dollar each: the plan's
 * fees and FINRA's share of them, as Alpaca published them (0.000053, 0.000046 and 0.0000265 dollars), each from the first
 * day of the plan's fee it belongs to (CAT Fee 2024-1, 2025-1, 2025-2). The fees of 2026 are lower: the last published one
 * is kept for them, which errs against us by less than three cents for a thousand shares.
 */
export const auditTrailFee: DatedRates<number> = {
  source: 'CAT NMS Plan, CAT Fee Alerts; Alpaca, Regulatory fees',
  rates: [
    auditTrail('2004-11-01', 0),
    auditTrail('2024-09-01', 53_000),
    auditTrail('2025-01-01', 46_000),
    auditTrail('2025-07-01', 26_500),
  ],
  through: certainThrough,
};
