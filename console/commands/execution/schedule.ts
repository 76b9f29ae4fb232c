import type { Command } from 'commander';
import { executionFrontier, shortfallAtRisk, type ExecutionFrontier } from '#domain/costs/executionFrontier.ts';
import { executionSchedule, type ExecutionProblem, type ExecutionSchedule } from '#domain/costs/executionSchedule.ts';
import { almgrenChrissImpact } from '#domain/costs/marketImpact.ts';
import { Failure } from '#domain/failure.ts';
import { sessionsPerYear } from '#domain/sessionsPerYear.ts';
import { digitsText, dollarText } from '../../figureText.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { anyNumber, fraction, fromZero, overZero, wholeOverZero } from '../costs/figureOptions.ts';

interface ScheduleOptions {
  readonly quantity: number;
  readonly price: number;
  readonly days: number;
  readonly periods: number;
  readonly volatility?: number;
  readonly volatilityDollars?: number;
  readonly averageDailyVolume?: number;
  readonly spreadDollars: number;
  readonly fixedCostDollars?: number;
  readonly permanentImpact?: number;
  readonly temporaryImpact?: number;
  readonly driftDollars: number;
  readonly riskAversion: number;
  readonly confidence: number;
  readonly frontier?: number;
}

/** `execution schedule`: Almgren and Chriss's optimal schedule and its efficient frontier; needs no server. */
export function registerExecutionSchedule(execution: Command, context: CommandContext): void {
  execution
    .command('schedule')
    .description('schedule an order by Almgren and Chriss (2000): least expected cost for the risk')
    .requiredOption('--quantity <shares>', 'shares to buy or sell', wholeOverZero)
    .requiredOption('--price <dollars>', 'price at the start', overZero)
    .option('--days <days>', 'trading days to trade in', overZero, 1)
    .option('--periods <count>', 'parts of that time', wholeOverZero, 13)
    .option('--volatility <fraction>', 'standard deviation of returns, a year', fromZero)
    .option('--volatility-dollars <dollars>', 'or dollars a share in the root of a day', fromZero)
    .option(
      '--average-daily-volume <shares>',
      'for the impact by rule of thumb: ten percent of it costs a spread',
      overZero,
    )
    .option('--spread-dollars <dollars>', 'quoted spread, a share', fromZero, 0.01)
    .option('--fixed-cost-dollars <dollars>', 'a share, however slow; half the spread unless it is given', fromZero)
    .option('--permanent-impact <dollars>', 'a share for each share', fromZero)
    .option('--temporary-impact <dollars>', 'a share for each share a day', overZero)
    .option('--drift-dollars <dollars>', 'expected move a day in favour of what is not yet traded', anyNumber, 0)
    .option('--risk-aversion <number>', 'weight of a squared dollar of risk, per dollar', fromZero, 1e-6)
    .option('--confidence <probability>', 'of the value at risk', fraction, 0.95)
    .option(
      '--frontier <points>',
      'tell the efficient frontier in so many points, and the least value at risk',
      wholeOverZero,
    )
    .action((options: ScheduleOptions) => {
      const problem = problemOf(options);
      const { riskAversion, confidence } = options;
      if (confidence === 1) throw invalid('a confidence of 1 is never reached');
      const schedule = executionSchedule(problem, riskAversion);
      const frontier =
        options.frontier === undefined ? undefined : executionFrontier(problem, options.frontier, confidence);
      context.answer({
        value: {
          problem,
          units,
          confidence,
          ...told(schedule, confidence),
          holdings: schedule.holdings,
          trades: schedule.trades,
          frontier: frontier ? toldFrontier(frontier, confidence) : null,
        },
        text: textOf(schedule, problem, { confidence, frontier }),
      });
    });
}

const units = {
  expectedCost: 'dollars, shortfall against the price at the start',
  standardDeviation: 'dollars',
  valueAtRisk: 'dollars that the shortfall does not exceed with the confidence',
  riskAversion: 'per dollar',
  urgency: 'per day',
} as const;

function problemOf(options: ScheduleOptions): ExecutionProblem {
  const { quantity, price, days, periods, averageDailyVolume, spreadDollars, driftDollars } = options;
  const byRule = averageDailyVolume === undefined ? undefined : almgrenChrissImpact(spreadDollars, averageDailyVolume);
  const permanentImpact = options.permanentImpact ?? byRule?.permanent;
  const temporaryImpact = options.temporaryImpact ?? byRule?.temporary;
  if (permanentImpact === undefined || temporaryImpact === undefined) {
    throw invalid('give --average-daily-volume, or --permanent-impact and --temporary-impact');
  }
  return {
    quantity,
    periods,
    horizonDays: days,
    volatility: volatilityOf(options, price),
    fixedCost: options.fixedCostDollars ?? spreadDollars / 2,
    permanentImpact,
    temporaryImpact,
    drift: driftDollars,
  };
}

function volatilityOf({ volatility, volatilityDollars }: ScheduleOptions, price: number): number {
  if ((volatility === undefined) === (volatilityDollars === undefined)) {
    throw invalid('give either --volatility or --volatility-dollars');
  }
  return volatilityDollars ?? (price * volatility!) / Math.sqrt(sessionsPerYear);
}

function told(schedule: ExecutionSchedule, confidence: number): Readonly<Record<string, unknown>> {
  const { riskAversion, expectedCost, standardDeviation, urgency, halfLifeDays = null } = schedule;
  const valueAtRisk = shortfallAtRisk(schedule, confidence);
  return { riskAversion, expectedCost, standardDeviation, valueAtRisk, urgency, halfLifeDays };
}

function toldFrontier(
  { schedules, leastValueAtRisk }: ExecutionFrontier,
  confidence: number,
): Readonly<Record<string, unknown>> {
  return {
    schedules: schedules.map((schedule) => told(schedule, confidence)),
    leastValueAtRisk: { ...told(leastValueAtRisk, confidence), trades: leastValueAtRisk.trades },
  };
}

function textOf(
  schedule: ExecutionSchedule,
  { periods, horizonDays }: ExecutionProblem,
  { confidence, frontier }: { readonly confidence: number; readonly frontier: ExecutionFrontier | undefined },
): string {
  const rows = schedule.trades.map((count, at) => [
    digitsText((at * horizonDays) / periods),
    count.toLocaleString('en-US'),
    Math.round(schedule.holdings[at + 1]!).toLocaleString('en-US'),
  ]);
  return [
    tableText(['day', 'shares', 'left after'], rows),
    tableText(figureHeadings, [figureRow('this schedule', schedule, confidence)]),
    ...(frontier ? [frontierText(frontier, confidence)] : []),
  ].join('\n\n');
}

const figureHeadings = ['', 'risk aversion', 'expected cost', 'standard deviation', 'value at risk', 'half-life, days'];

function figureRow(name: string, schedule: ExecutionSchedule, confidence: number): readonly string[] {
  const { riskAversion, expectedCost, standardDeviation, halfLifeDays } = schedule;
  return [
    name,
    digitsText(riskAversion * 1e6).concat(' / 1e6'),
    dollarText(expectedCost),
    dollarText(standardDeviation),
    dollarText(shortfallAtRisk(schedule, confidence)),
    halfLifeDays === undefined ? 'none' : digitsText(halfLifeDays),
  ];
}

function frontierText({ schedules, leastValueAtRisk }: ExecutionFrontier, confidence: number): string {
  return tableText(figureHeadings, [
    ...schedules.map((schedule, at) => figureRow(String(at + 1), schedule, confidence)),
    figureRow('least value at risk', leastValueAtRisk, confidence),
  ]);
}

function invalid(problem: string): Failure {
  return new Failure('COST_INPUT_INVALID', problem, {});
}
