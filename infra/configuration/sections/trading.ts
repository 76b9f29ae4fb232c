import { z } from 'zod';
import { defaultCostRates } from '#domain/costs.ts';
import { brokerScheduleNames } from '#domain/costs/brokerSchedule.ts';
import { standardWaits } from '#domain/tradingWaits.ts';

const fraction = (): z.ZodNumber => z.number().gt(0).max(1);

/** Limits of the default profile; fractions of the portfolio's value unless named otherwise. */
const limitsSection = z
  .strictObject({
    positionFractionMax: fraction().default(0.15).describe('largest position'),
    sectorFractionMax: fraction().default(0.3).describe('largest part in one sector, of symbols that sectors names'),
    leverageMax: z.number().gt(0).max(4).default(1).describe('gross exposure over equity'),
    volatilityTargetFraction: fraction().default(0.15).describe('volatility aimed at, a year'),
    orderNotionalMaxDollars: z.number().gt(0).default(50_000).describe('largest single order'),
    ordersPerSessionMax: z.int().min(1).default(200).describe('orders in one session'),
    dailyLossFractionMax: fraction().default(0.05).describe('loss in one session that halts'),
    drawdownReduceFraction: fraction().default(0.07).describe('drawdown over which targets are halved'),
    drawdownHaltFraction: fraction().default(0.1).describe('drawdown over which trading is halted'),
    losingTradesMax: z.int().min(1).default(5).describe('losing round trips in a row that halt'),
    systemErrorsMax: z.int().min(1).default(5).describe('system errors in one session that halt'),
    dataAgeMaxSeconds: z.int().min(1).default(900).describe('age of the newest price of what is held that halts'),
    ordersPerMinuteMax: z.int().min(1).default(200).describe('orders within one minute'),
    tradeRiskFractionMax: fraction()
      .default(0.02)
      .describe('most that one order may lose when the price runs to its stop'),
    stopLossFraction: z.number().gt(0).lt(1).default(0.1).describe('distance of a stop from the price of entry'),
    grossNotionalMaxDollars: z.number().gt(0).nullable().default(null).describe('longs and shorts together; null: any'),
    netFractionMax: z.number().gt(0).max(4).nullable().default(null).describe('longs less shorts; null: as leverage'),
    turnoverFractionMax: z.number().gt(0).default(2).describe('notional bought and sold in one session'),
    restrictedSymbols: z
      .array(z.string().regex(/^[A-Z][A-Z0-9.-]{0,14}$/, 'must be a symbol such as BRK.B'))
      .default([])
      .describe('symbols of which nothing is traded'),
  })
  .prefault({})
  .refine((limits) => limits.drawdownReduceFraction < limits.drawdownHaltFraction, {
    path: ['drawdownReduceFraction'],
    message: 'must be below drawdownHaltFraction: an account reduces before it halts',
  });

const { session, escalation } = standardWaits;
const seconds = (standardMs: number): z.ZodDefault<z.ZodInt> =>
  z
    .int()
    .min(1)
    .default(standardMs / 1_000);

/** How long sessions wait for the venue, and escalations for people. */
const waitsSection = z
  .strictObject({
    orderPollMs: z.int().min(100).default(session.orders.pollMs).describe('between two looks at a working order'),
    orderSettleMs: z
      .int()
      .min(100)
      .default(session.orders.settleMs)
      .describe('between two asks that prove an order absent'),
    venueAnswerSeconds: seconds(session.venueAnswerMs).describe("for the venue's word on every order of a session"),
    liquidationSeconds: seconds(session.liquidationMs).describe('in the open market for a halted account to be closed'),
    firstPageSeconds: seconds(escalation.firstPageMs).describe('for the closing, before people are paged first'),
    acknowledgementSeconds: seconds(escalation.acknowledgementMs).describe(
      'for a tier to acknowledge, before the next one is paged',
    ),
    tiersMax: z.int().min(1).max(10).default(escalation.tiersMax).describe('tiers of people; the last is waited for'),
  })
  .prefault({});

const regimeChange = z
  .strictObject({
    exposureFraction: fraction()
      .default(1)
      .describe('part of the largest position, leverage and volatility target that is left in this regime'),
    confidenceMin: z.number().min(0).max(1).default(0).describe('confidence under which nothing is traded in it'),
  })
  .prefault({});

/** Strategy and limits by the volatility regime of the benchmark: neutral unless set. */
const regimesSection = z
  .strictObject({ calm: regimeChange, normal: regimeChange, turbulent: regimeChange, crisis: regimeChange })
  .prefault({});

/** What trading costs: the paper exchange charges it, the validation judges by it. */
const costsSection = z
  .strictObject({
    halfSpreadBasisPoints: z
      .number()
      .min(0)
      .max(1_000)
      .default(defaultCostRates.halfSpreadBasisPoints)
      .describe('half of the quoted spread, paid by whoever crosses it'),
    commissionBasisPoints: z
      .number()
      .min(0)
      .max(1_000)
      .default(defaultCostRates.commissionBasisPoints)
      .describe('commission on the notional'),
    schedule: z
      .enum(brokerScheduleNames)
      .nullable()
      .default(null)
      .describe('schedule of a broker charged beside it, of `plimsoll costs schedules`'),
    ratesAsOf: z.iso
      .date()
      .nullable()
      .default(null)
      .describe('session whose rates the schedule charges, whatever the session; null: each its own'),
  })
  .prefault({});

/** Rules of which the strictest caps each position; a rule that is null says nothing. */
const sizingSection = z
  .strictObject({
    kellyMultiple: z.number().gt(0).max(1).nullable().default(null).describe("part of Kelly's fraction; null: none"),
    kellyFractionMax: fraction().default(0.25).describe("most that Kelly's rule allows"),
    kellyMeanShrinkage: z.number().min(0).max(1).default(0.5).describe('part of an expected return that is believed'),
    positionVolatilityFraction: fraction().nullable().default(null).describe('of one position, a year; null: any'),
    riskParityVolatilityFraction: fraction()
      .nullable()
      .default(null)
      .describe('of all positions in equal parts, a year; null: any'),
  })
  .prefault({});

/** How far weights may drift from their targets before they are traded; without a width not at all. */
const rebalanceSection = z
  .strictObject({
    bandAbsoluteFraction: fraction()
      .nullable()
      .default(null)
      .describe('distance from the target within which a weight is left, of equity; null: none'),
    bandRelativeFraction: fraction()
      .nullable()
      .default(null)
      .describe('the same as a part of the target; where both are set the narrower holds'),
    bandTo: z.enum(['edge', 'target']).default('edge').describe('how far a weight outside its band is brought back'),
  })
  .prefault({});

/** What the profile `conservative` puts under the limits before the file and the environment speak. */
export const conservativeLimits = {
  positionFractionMax: 0.1,
  drawdownReduceFraction: 0.014,
  drawdownHaltFraction: 0.02,
} as const;

const secret = (of: string): z.ZodDefault<z.ZodNullable<z.ZodString>> =>
  z.string().min(1).nullable().default(null).meta({ description: of, secret: true });

/** Where the account's orders go. */
const brokerSection = z
  .strictObject({
    kind: z
      .enum(['paper-exchange', 'alpaca'])
      .default('paper-exchange')
      .describe('broker of the account; every other account is at the paper exchange'),
    tradingUrl: z.url().nullable().default(null).describe("trading API of alpaca; null: Alpaca's own for the mode"),
    dataUrl: z.url().nullable().default(null).describe("market data API of alpaca; null: Alpaca's own"),
    dataFeed: z.enum(['iex', 'sip', 'delayed_sip']).nullable().default(null).describe('feed; null: the best it has'),
    keyId: secret('id of the API key'),
    secretKey: secret('secret of the API key'),
  })
  .prefault({})
  .refine(({ kind, keyId, secretKey }) => kind !== 'alpaca' || (keyId !== null && secretKey !== null), {
    path: ['kind'],
    message: 'alpaca needs keyId and secretKey',
  });

/** The account, what it may risk, and whether it is real. */
export const tradingSection = z
  .strictObject({
    mode: z
      .enum(['paper', 'live'])
      .default('paper')
      .describe('live also needs PLIMSOLL_LIVE_ACCOUNT set to the account, so that one slip is not enough'),
    broker: brokerSection,
    account: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and hyphens')
      .default('paper-main')
      .describe('name of the account'),
    strategy: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and hyphens')
      .default('forecast')
      .describe('name of the strategy, part of every client order id'),
    cashDollars: z.number().gt(0).default(100_000).describe('cash a paper account opens with'),
    confidenceMin: z.number().min(0).max(1).default(0).describe('confidence under which a forecast is not traded'),
    profile: z
      .enum(['default', 'conservative'])
      .default('default')
      .describe('limits to start from; single limits override it'),
    limits: limitsSection,
    regimes: regimesSection,
    sectors: z
      .record(z.string().regex(/^[A-Z][A-Z0-9.-]{0,14}$/), z.string().min(1))
      .default({})
      .describe('sector by symbol, as of today, e.g. from `plimsoll data universe`; a symbol left out is in none'),
    costs: costsSection,
    sizing: sizingSection,
    rebalance: rebalanceSection,
    waits: waitsSection,
  })
  .refine(({ mode, broker }) => mode === 'paper' || broker.kind !== 'paper-exchange', {
    path: ['mode'],
    message: 'live needs a broker that trades: the paper exchange only plays',
  });
