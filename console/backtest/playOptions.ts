import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DailyBars } from '#domain/bars.ts';
import { brokerScheduleNames, type BrokerScheduleName } from '#domain/costs/brokerSchedule.ts';
import { squareRootImpact } from '#domain/costs/marketImpact.ts';
import { spreadEstimators, type SpreadEstimator } from '#domain/costs/marketOfBars.ts';
import { Failure } from '#domain/failure.ts';
import { moneyFromDollars } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import { endedListings } from '#pipelines/backtest/bookings.ts';
import type { PlayRequest } from '#pipelines/backtest/playStrategy.ts';
import { asDate } from '../commands/data/formatOption.ts';
import { fromZero, overZero } from '../commands/costs/figureOptions.ts';

/** What the command line says of the account and its costs. */
export interface PlayOptions {
  readonly cash: number;
  readonly commissionBps: number;
  readonly halfSpreadBps: number;
  readonly spread?: SpreadEstimator;
  readonly impact?: 'square-root';
  readonly impactCoefficient?: number;
  readonly schedule?: BrokerScheduleName;
  readonly ratesAsOf?: SessionDate;
  readonly participation: number | 'all';
  readonly leverage?: number;
  readonly financingBps: number;
  readonly borrowBps: number;
  readonly dividends: boolean;
}

/** Adds the options of the account that is played. */
export function addPlayOptions(command: Command): Command {
  return command
    .option('--cash <dollars>', 'that the account opens with', overZero, 100_000)
    .option('--commission-bps <points>', 'commission on the notional, basis points', fromZero, 0)
    .option('--half-spread-bps <points>', 'what each market order pays against it, basis points', fromZero, 1)
    .addOption(
      new Option('--spread <estimator>', 'half of the spread that the quarter before tells, by symbol').choices(
        spreadEstimators,
      ),
    )
    .addOption(
      new Option('--impact <model>', 'what the size of an order moves its price by, on top').choices(['square-root']),
    )
    .option('--impact-coefficient <number>', 'with --impact: volatilities of a day for a day of volume (1)', fromZero)
    .addOption(
      new Option('--schedule <broker>', 'charges of a broker besides, by the dates of the sessions').choices(
        brokerScheduleNames,
      ),
    )
    .option('--rates-as-of <date>', 'with --schedule: the rates of this session, whatever the session', asDate)
    .option('--participation <fraction>', "largest part of a session's volume that trades, or `all`", part, 0.1)
    .option(
      '--leverage <multiple>',
      'a margin account: long and short positions over equity; else nothing is borrowed',
      overZero,
    )
    .option('--financing-bps <points>', 'with --leverage: a year on borrowed cash, basis points', fromZero, 600)
    .option('--borrow-bps <points>', 'with --leverage: a year on shares sold short, basis points', fromZero, 50)
    .option('--no-dividends', 'leave out the dividends that columns or adjusted closes tell');
}

/**
 * The request that options make of bars, without its strategy.
 * @throws InvalidArgumentError for a date of rates without a schedule, or a coefficient without an impact; Failure BACKTEST_BARS_INVALID where volume is needed and there is none, or the bars cannot be laid out
 */
export function playRequest(bars: readonly DailyBars[], options: PlayOptions): Omit<PlayRequest, 'strategy'> {
  const { participation, leverage, schedule, ratesAsOf } = options;
  if (ratesAsOf !== undefined && schedule === undefined) {
    throw new InvalidArgumentError('--rates-as-of belongs to --schedule.');
  }
  if (options.impactCoefficient !== undefined && options.impact === undefined) {
    throw new InvalidArgumentError('--impact-coefficient belongs to --impact.');
  }
  if (participation !== 'all' && bars.every(({ volume }) => volume.every((shares) => shares === 0))) {
    throw new Failure('BACKTEST_BARS_INVALID', 'the bars have no volume: give --participation all', {});
  }
  const market = laidOut(bars, options.dividends ? 'credited' : 'ignored');
  return {
    market,
    cash: moneyFromDollars(options.cash),
    rates: {
      halfSpreadBasisPoints: options.halfSpreadBps,
      commissionBasisPoints: options.commissionBps,
      ...(schedule !== undefined && { schedule }),
      ...(ratesAsOf !== undefined && { ratesAsOf }),
    },
    delistings: endedListings(market),
    ...marketCostsOf(options),
    ...(participation !== 'all' && { participationFraction: participation }),
    ...(leverage !== undefined && {
      funding: {
        kind: 'margin',
        leverageMax: leverage,
        financingBasisPoints: options.financingBps,
        borrowBasisPoints: options.borrowBps,
      },
    }),
  };
}

function marketCostsOf({ spread, impact, impactCoefficient }: PlayOptions): Pick<PlayRequest, 'marketCosts'> {
  if (spread === undefined && impact === undefined) return {};
  const { coefficient } = squareRootImpact;
  return {
    marketCosts: {
      ...(spread !== undefined && { spread }),
      ...(impact !== undefined && {
        impact: { kind: 'squareRoot', coefficient: impactCoefficient ?? coefficient },
      }),
    },
  };
}

function laidOut(bars: readonly DailyBars[], dividends: 'credited' | 'ignored'): PlayRequest['market'] {
  try {
    return layOutMarket({ bars, dividends });
  } catch (error) {
    throw new Failure('BACKTEST_BARS_INVALID', `the bars: ${(error as Error).message}`, {}, { cause: error });
  }
}

function part(text: string): number | 'all' {
  if (text === 'all') return text;
  const fraction = overZero(text);
  if (fraction > 1) throw new InvalidArgumentError('write a fraction, over 0 and at most 1, or `all`.');
  return fraction;
}
