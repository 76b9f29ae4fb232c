import { Option, type Command } from 'commander';
import { brokerScheduleNames, type BrokerScheduleName } from '#domain/costs/brokerSchedule.ts';
import { brokerSchedules } from '#domain/costs/brokerSchedules.ts';
import { estimateCost, type CostEstimate } from '#domain/costs/costEstimate.ts';
import { spreadEstimators } from '#domain/costs/marketOfBars.ts';
import { dollars, moneyFromDollars, shares, type Money } from '#domain/money.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import type { OrderSide } from '#domain/order.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { moneyText } from '../../figureText.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { asDate } from '../data/formatOption.ts';
import { chosenImpact, impactNames, type ImpactName } from './chosenImpact.ts';
import { anyNumber, fraction, fromZero, overZero, wholeFromZero, wholeOverZero } from './figureOptions.ts';
import { marketAsked, type MarketOptions } from './marketAsked.ts';

interface EstimateOptions extends MarketOptions {
  readonly side: OrderSide;
  readonly quantity: number;
  readonly broker: BrokerScheduleName;
  readonly date?: SessionDate;
  readonly impact: ImpactName;
  readonly impactCoefficient?: number;
  readonly lambda?: number;
  readonly sharesOutstanding?: number;
  readonly participation: number;
  readonly durationMinutes?: number;
  readonly delayMinutes: number;
  readonly driftBasisPoints: number;
  readonly monthShares: number;
}

const sessionMinutes = 390;

/** `costs estimate`: what an order would cost, part by part; needs no server. */
export function registerCostsEstimate(costs: Command, context: CommandContext): void {
  const command = costs
    .command('estimate')
    .description('estimate what an order costs: commission, spread, market impact, slippage')
    .requiredOption('--symbol <symbol>', 'what is traded')
    .addOption(new Option('--side <side>', 'buy or sell').choices(['buy', 'sell']).makeOptionMandatory())
    .requiredOption('--quantity <shares>', 'shares of the order', wholeOverZero)
    .requiredOption('--price <dollars>', 'middle of the market when it is decided on', overZero)
    .addOption(
      new Option('--broker <schedule>', 'see `costs schedules`').choices(brokerScheduleNames).makeOptionMandatory(),
    )
    .option('--date <date>', "session whose rates hold; otherwise today's, or the newest that are known", asDate);
  withMarketOptions(command);
  withExecutionOptions(command);
  command.action(async (options: EstimateOptions) => context.answer(await estimated(options)));
}

function withMarketOptions(command: Command): void {
  command
    .option('--average-daily-volume <shares>', 'shares that trade in a day', overZero)
    .option('--volatility <fraction>', 'standard deviation of returns, a year: 0.2 is 20 percent', fromZero)
    .option('--bars <file>', 'daily bars that tell volume, volatility and estimated spreads where they are not given')
    .option(
      '--spread-basis-points <points>',
      'quoted spread; without any of these the one of the paper exchange',
      fromZero,
    )
    .addOption(new Option('--spread-estimator <name>', 'spread told from --bars').choices(spreadEstimators))
    .option('--spread-model <file>', 'spread by volatility and volume: what `costs spread --json` printed');
}

function withExecutionOptions(command: Command): void {
  command
    .addOption(
      new Option('--impact <model>', 'how trading moves the price').choices(impactNames).default('square-root'),
    )
    .option('--impact-coefficient <number>', 'with square-root: volatilities of a day for a day of volume', fromZero)
    .option('--lambda <dollars>', 'with kyle: dollars a share for each share, see `costs impact`', fromZero)
    .option('--shares-outstanding <shares>', 'with almgren-2005: shares that the company has issued', overZero)
    .option('--participation <fraction>', 'part of the volume that the order is while it trades', fraction, 0.1)
    .option('--duration-minutes <minutes>', 'from the first share to the last, instead of the participation', overZero)
    .option('--delay-minutes <minutes>', 'from the decision to the first share', fromZero, 0)
    .option('--drift-basis-points <points>', 'expected move of the market against the order in a day', anyNumber, 0)
    .option('--month-shares <shares>', 'shares traded earlier in the calendar month, for tiers', wholeFromZero, 0);
}

async function estimated(
  options: EstimateOptions,
): Promise<{ readonly value: Readonly<Record<string, unknown>>; readonly text: string }> {
  const { symbol, side, broker, delayMinutes, monthShares } = options;
  const schedule = brokerSchedules[broker];
  const session = options.date ?? newestKnown(schedule.through);
  const market = await marketAsked(options);
  const [quantity, price] = [shares(options.quantity), moneyFromDollars(options.price)];
  const durationSessions =
    options.durationMinutes === undefined
      ? quantity / (market.averageDailyVolume * options.participation)
      : options.durationMinutes / sessionMinutes;
  const impact = chosenImpact(options, market.spreadFraction * options.price, market.averageDailyVolume);
  const estimate = estimateCost(
    { side, quantity, price, session },
    { ...market, adverseDriftPerDay: options.driftBasisPoints / 10_000 },
    { schedule, monthShares, impact, durationSessions, delaySessions: delayMinutes / sessionMinutes },
  );
  const assumed = { ...market, impact, durationMinutes: durationSessions * sessionMinutes, delayMinutes };
  const order = { symbol, side, quantity, priceDollars: dollars(price), broker, session };
  return {
    value: { ...order, ...told(estimate), assumed, units },
    text: [
      `${side} ${quantity} ${symbol} at ${moneyText(price)}, ${schedule.title}, rates of ${session}`,
      tableText(['part', 'cost', 'basis points'], rowsOf(estimate)),
      `The market may move ${moneyText(estimate.slippageStandardDeviation)} either way meanwhile (one standard deviation).`,
      `Taken: ${Math.round(market.averageDailyVolume).toLocaleString('en-US')} shares a day, volatility ${(market.dailyVolatility * 100).toFixed(2)} % a day, spread ${(market.spreadFraction * 10_000).toFixed(2)} basis points (${market.spreadFrom}), ${assumed.durationMinutes.toFixed(1)} minutes of trading, impact ${options.impact}.`,
    ].join('\n'),
  };
}

/** Today, or the last day of the table where that is earlier: a rate of today that is not known is not made up. */
function newestKnown(through: SessionDate): SessionDate {
  const today = newYorkDate(Date.now());
  return today < through ? today : through;
}

const units = {
  dollars: 'US dollars, rounded to the nearest ten-thousandth',
  fraction: 'of the notional: 0.01 is one percent',
  spread: 'half the quoted spread on every share',
  slippage: 'expected move of the market from the decision on; negative where it comes to the order',
} as const;

function told(estimate: CostEstimate): Readonly<Record<string, unknown>> {
  const { charges, totalFraction, participationFraction } = estimate;
  return {
    notionalDollars: dollars(estimate.notional),
    commissionDollars: dollars(estimate.commission),
    charges: charges.map(({ kind, amount }) => ({ kind, dollars: dollars(amount) })),
    spreadDollars: dollars(estimate.spread),
    marketImpactDollars: dollars(estimate.marketImpact),
    permanentImpactDollars: dollars(estimate.permanentImpact),
    temporaryImpactDollars: dollars(estimate.temporaryImpact),
    slippageDollars: dollars(estimate.slippage),
    totalDollars: dollars(estimate.total),
    totalFraction,
    totalBasisPoints: totalFraction * 10_000,
    slippageStandardDeviationDollars: dollars(estimate.slippageStandardDeviation),
    participationFraction,
  };
}

function rowsOf(estimate: CostEstimate): readonly (readonly string[])[] {
  const row = (name: string, amount: Money): readonly string[] => [
    name,
    moneyText(amount),
    ((amount / estimate.notional) * 10_000).toFixed(3),
  ];
  return [
    row('commission and fees', estimate.commission),
    ...estimate.charges.map(({ kind, amount }) => row(`  ${kind}`, amount)),
    row('spread', estimate.spread),
    row('market impact', estimate.marketImpact),
    row('slippage', estimate.slippage),
    row('total', estimate.total),
  ];
}
