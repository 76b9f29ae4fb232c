import { moneyFromDollars } from '../money.ts';
import { sessionDate } from '../sessionDate.ts';
import type { BrokerSchedule, BrokerScheduleName, PassedOnFee } from './brokerSchedule.ts';
import type { DatedRates } from './datedRates.ts';
import { auditTrailFee, section31Fee, tradingActivityFee } from './regulatoryFees.ts';

const { through } = section31Fee;

const soldFees: readonly PassedOnFee[] = [
  { kind: 'section31', rates: section31Fee },
  { kind: 'tradingActivity', rates: tradingActivityFee },
];
const tradedFees: readonly PassedOnFee[] = [...soldFees, { kind: 'auditTrail', rates: auditTrailFee }];

const ibkrSource = 'interactivebrokers.com, Commissions: Stocks, ETFs and Warrants, United States';
// The page of 2019 is the oldest seen with a maximum of one percent; in 2016 it was half a percent.
const ibkrFrom = sessionDate('2019-04-16');
const ofIbkr = (millionths: readonly (readonly [from: string, rate: number])[]): DatedRates<number> => ({
  source: ibkrSource,
  rates: millionths.map(([from, rate]) => ({ from: sessionDate(from), rate })),
  through,
});

/** Alpaca: no commission; fees rounded up to a cent each (Alpaca, Regulatory fees, and its brokerage fee schedule). */
const alpaca: BrokerSchedule = {
  name: 'alpaca',
  title: 'Alpaca, commission free',
  source: 'docs.alpaca.markets, Regulatory Fees; alpaca.markets, Brokerage Fee Schedule',
  from: sessionDate('2020-02-18'),
  through,
  // Alpaca rounds the sum of a day by kind of fee; an order for itself is as if it were the day's only one.
  rounding: 'upToCent',
  passedOn: tradedFees,
};

/** Schwab: no commission on listed shares traded online since 7 October 2019; its guide names no rounding, so up to a cent. */
const schwab: BrokerSchedule = {
  name: 'schwab',
  title: 'Charles Schwab, online trades of listed shares',
  source: 'schwab.com, Charles Schwab Pricing Guide for Individual Investors',
  from: sessionDate('2019-10-07'),
  through,
  rounding: 'upToCent',
  passedOn: soldFees,
};

/** IBKR Pro, fixed: exchange and clearing are in the price. */
const ibkrFixed: BrokerSchedule = {
  name: 'ibkr-fixed',
  title: 'Interactive Brokers Pro, fixed',
  source: ibkrSource,
  from: ibkrFrom,
  through,
  rounding: 'upToTenThousandth',
  commission: {
    tiers: [{ shareBillionths: 5_000_000 }],
    orderMin: moneyFromDollars(1),
    orderMaxBasisPoints: 100,
  },
  passedOn: tradedFees,
};

/**
 * IBKR Pro, tiered. The exchange fee is the largest that Rule 610(c) of Regulation NMS lets an exchange ask of who takes
 * liquidity, 0.003 dollars a share or 0.3 percent below a dollar, as in the broker's own examples; what exchanges pay back
 * to who gives liquidity is left out, as is what auctions cost less: costs may be lower than told, never higher.
 */
const ibkrTiered: BrokerSchedule = {
  name: 'ibkr-tiered',
  title: 'Interactive Brokers Pro, tiered',
  source: `${ibkrSource}; Stock and ETF Fixed vs. Tiered Pricing Comparison Examples`,
  from: ibkrFrom,
  through,
  rounding: 'upToTenThousandth',
  commission: {
    tiers: [
      { monthSharesMax: 300_000, shareBillionths: 3_500_000 },
      { monthSharesMax: 3_000_000, shareBillionths: 2_000_000 },
      { monthSharesMax: 20_000_000, shareBillionths: 1_500_000 },
      { monthSharesMax: 100_000_000, shareBillionths: 1_000_000 },
      { shareBillionths: 500_000 },
    ],
    orderMin: moneyFromDollars(0.35),
    orderMaxBasisPoints: 100,
  },
  passedOn: [
    ...tradedFees,
    { kind: 'exchange', shareBillionths: 3_000_000, belowDollarBasisPoints: 30 },
    { kind: 'clearing', shareBillionths: 200_000, maxBasisPoints: 50 },
    { kind: 'nysePassThrough', rates: ofIbkr([['2019-04-16', 175]]) },
    {
      kind: 'finraPassThrough',
      rates: ofIbkr([
        ['2019-04-16', 560],
        ['2024-01-01', 563],
        ['2026-01-01', 565],
      ]),
    },
  ],
};

/** Every schedule by its name. */
export const brokerSchedules: Readonly<Record<BrokerScheduleName, BrokerSchedule>> = {
  alpaca,
  'ibkr-fixed': ibkrFixed,
  'ibkr-tiered': ibkrTiered,
  schwab,
};
