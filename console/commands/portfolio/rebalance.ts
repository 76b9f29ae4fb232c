import { Option, type Command } from 'commander';
import { brokerScheduleNames, type BrokerScheduleName } from '#domain/costs/brokerSchedule.ts';
import { brokerSchedules } from '#domain/costs/brokerSchedules.ts';
import { defaultCostRates } from '#domain/costs.ts';
import { Failure } from '#domain/failure.ts';
import { dollars, money, moneyFromDollars, shares, type Money } from '#domain/money.ts';
import { newYorkDate } from '#domain/newYorkTime.ts';
import type { NoTradeBand } from '#domain/noTradeBand.ts';
import { estimateCovariance } from '#domain/portfolio/covariance.ts';
import { diversification, effectivePositions, type Diversification } from '#domain/portfolio/diversification.ts';
import { planWithinDrift, weightsHeld, type DriftLimits } from '#domain/portfolio/driftLimits.ts';
import { exposures } from '#domain/portfolio/exposure.ts';
import type { SymmetricMatrix } from '#domain/portfolio/symmetricMatrix.ts';
import { holdingsAfter, type Holdings, type RebalanceLine, type RebalanceRules } from '#domain/rebalance.ts';
import { momentsOf } from '#domain/risk/moments.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { tableText } from '../../answer.ts';
import type { CommandContext } from '../../context.ts';
import { digitsText, moneyText } from '../../figureText.ts';
import { fraction, fromZero, overZero, wholeOverZero } from '../costs/figureOptions.ts';
import { asDate } from '../data/formatOption.ts';
import { readDriftLimits, readRebalanceFiles, type RebalanceFiles } from './rebalanceFiles.ts';

interface RebalanceOptions {
  readonly holdings: string;
  readonly targets: string;
  readonly prices: string;
  readonly cash: number;
  readonly band?: number;
  readonly bandRelative?: number;
  readonly bandTo: NoTradeBand['to'];
  readonly minTrade: number;
  readonly cashBuffer: number;
  readonly lot: number;
  readonly halfSpreadBasisPoints: number;
  readonly commissionBasisPoints: number;
  readonly schedule?: BrokerScheduleName;
  readonly date?: SessionDate;
  readonly riskAversion?: number;
  readonly horizonSessions: number;
  readonly exposures?: string;
}

/** `portfolio rebalance`: orders from holdings to target weights; needs no server. */
export function registerPortfolioRebalance(portfolio: Command, context: CommandContext): void {
  const { halfSpreadBasisPoints, commissionBasisPoints } = defaultCostRates;
  portfolio
    .command('rebalance')
    .description('whole-share orders that bring holdings to target weights, by cost and benefit')
    .requiredOption('--holdings <file>', 'CSV of symbol,shares')
    .requiredOption('--targets <file>', 'CSV of symbol,weight: fractions of equity; what is left out is sold')
    .requiredOption('--prices <file>', 'CSV of symbol,price, or a column of closes a symbol under a column of dates')
    .requiredOption('--cash <dollars>', 'cash at hand', fromZero)
    .option('--band <fraction>', 'distance from its target, of equity, within which a weight is left', fraction)
    .option('--band-relative <fraction>', 'the same as a part of the target; the narrower holds', fraction)
    .addOption(new Option('--band-to <where>', 'where one outside goes').choices(['edge', 'target']).default('edge'))
    .option('--min-trade <fraction>', 'least change that is traded, of equity', fromZero, 0)
    .option('--cash-buffer <fraction>', 'part of equity that purchases leave in cash', fromZero, 0)
    .option('--lot <shares>', 'shares of a lot', wholeOverZero, 1)
    .option('--half-spread-basis-points <points>', 'half the quoted spread, paid', fromZero, halfSpreadBasisPoints)
    .option('--commission-basis-points <points>', 'commission on the notional', fromZero, commissionBasisPoints)
    .addOption(new Option('--schedule <broker>', 'charged too: see `costs schedules`').choices(brokerScheduleNames))
    .option('--date <date>', "session whose rates hold; otherwise today's, or the newest that are known", asDate)
    .option('--risk-aversion <number>', 'leave trades that cost more than the variance they take away', overZero)
    .option('--horizon-sessions <sessions>', 'until the next rebalance: how long a trade is of use', wholeOverZero, 21)
    .option('--exposures <file>', 'YAML of sectors, factors with betas, and how far each may drift')
    .action(async (options: RebalanceOptions) => context.answer(await rebalanced(options)));
}

async function rebalanced(
  options: RebalanceOptions,
): Promise<{ readonly value: Readonly<Record<string, unknown>>; readonly text: string }> {
  const files = await readRebalanceFiles({ ...options, cash: moneyFromDollars(options.cash) });
  const { holdings, targets, symbols } = files;
  const limits: DriftLimits =
    options.exposures === undefined
      ? { assets: symbols, loadings: {}, driftMax: {} }
      : await readDriftLimits(options.exposures, symbols);
  const rules = rulesOf(options, files);
  const { plan, before, after, released } = planWithinDrift(targets, holdings, { rules, limits });
  const target = Float64Array.from(symbols, (symbol) => targets[symbol] ?? 0);
  const covariance = files.history && estimateCovariance(files.history, 'ledoit-wolf').matrix;
  const stands = (held: Holdings): Standing => standingOf(weightsHeld(symbols, held), { target, covariance, limits });
  const stood = { before: stands(holdings), after: stands(holdingsAfter(holdings, plan)) };
  const spent = dollars(money(holdings.cash - plan.leftover));
  return {
    value: {
      equityDollars: dollars(holdings.equity),
      cashDollars: dollars(holdings.cash),
      orders: plan.lines.map(toldLine),
      spentDollars: spent,
      costDollars: dollars(plan.cost),
      leftoverDollars: dollars(plan.leftover),
      before: { ...stood.before, driftBreaches: before },
      after: { ...stood.after, driftBreaches: after },
      releasedFromBand: released,
      rules,
    },
    text: [
      tableText(['symbol', 'held', 'target', 'order', 'reason', 'cost', 'benefit'], plan.lines.map(rowOf)),
      '',
      `Cash ${moneyText(holdings.cash)}, left over ${moneyText(plan.leftover)}, costs ${moneyText(plan.cost)}.`,
      `Distance from the targets ${digitsText(stood.before.distance)} before, ${digitsText(stood.after.distance)} after.`,
      ...spreadText(stood),
      ...Object.keys(limits.loadings).map(
        (name) =>
          `${name}: ${digitsText(stood.before.exposures[name]!)} before, ${digitsText(stood.after.exposures[name]!)} after, target ${digitsText(exposures(target, limits.loadings)[name]!)}${after.some((breach) => breach.name === name) ? ', still over its drift limit' : ''}`,
      ),
      ...(released.length > 0 ? [`Exposures drifted too far: no band held ${released.join(', ')}.`] : []),
    ].join('\n'),
  };
}

function rulesOf(options: RebalanceOptions, { history }: RebalanceFiles): RebalanceRules {
  const { band: absolute, bandRelative: relative, bandTo: to, riskAversion, horizonSessions } = options;
  const { halfSpreadBasisPoints, commissionBasisPoints, schedule = null } = options;
  if (riskAversion !== undefined && !history) {
    throw new Failure('PORTFOLIO_INPUT_INVALID', 'what a trade is worth needs closes over time in --prices', {});
  }
  const deviations = history?.returns.map((returns) => momentsOf(returns).deviation) ?? [];
  return {
    noTradeFraction: options.minTrade,
    cashBufferFraction: options.cashBuffer,
    lotShares: shares(options.lot),
    ...((absolute !== undefined || relative !== undefined) && {
      band: {
        ...(absolute !== undefined && { absoluteFraction: absolute }),
        ...(relative !== undefined && { relativeFraction: relative }),
        to,
      },
    }),
    charges: {
      rates: { halfSpreadBasisPoints, commissionBasisPoints, schedule },
      session: options.date ?? newestKnown(schedule),
    },
    ...(riskAversion !== undefined && {
      worth: {
        riskAversion,
        horizonSessions,
        dailyDeviations: Object.fromEntries(history!.assets.map((asset, place) => [asset, deviations[place]!])),
      },
    }),
  };
}

/** Today, or the last day of the schedule where that is earlier: a rate of today that is not known is not made up. */
function newestKnown(schedule: BrokerScheduleName | null): SessionDate {
  const today = newYorkDate(Date.now());
  if (schedule === null) return today;
  const { through } = brokerSchedules[schedule];
  return today < through ? today : through;
}

/** How a portfolio stands beside its targets. */
interface Standing {
  /** Half the sum of distances of all weights, cash among them: the part of equity that lies elsewhere. */
  readonly distance: number;
  readonly effectivePositions: number;
  /** Figures that need correlations; absent without a history of prices. */
  readonly diversification?: Diversification;
  readonly exposures: Readonly<Record<string, number>>;
}

function standingOf(
  weights: Float64Array,
  {
    target,
    covariance,
    limits,
  }: {
    readonly target: Float64Array;
    readonly covariance: SymmetricMatrix | undefined;
    readonly limits: DriftLimits;
  },
): Standing {
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const apart = sum(weights.map((weight, place) => Math.abs(weight - target[place]!)));
  return {
    distance: (apart + Math.abs(sum(weights) - sum(target))) / 2,
    effectivePositions: effectivePositions(weights),
    ...(covariance && { diversification: diversification(weights, covariance) }),
    exposures: exposures(weights, limits.loadings),
  };
}

function toldLine(line: RebalanceLine): Readonly<Record<string, unknown>> {
  const { symbol, held, price, targetFraction, change, reason, cost, benefit } = line;
  return {
    symbol,
    held,
    priceDollars: dollars(price),
    targetFraction,
    side: change === 0 ? null : change > 0 ? 'buy' : 'sell',
    quantity: Math.abs(change),
    reason,
    costDollars: dollars(cost),
    benefitDollars: benefit === undefined ? null : dollars(benefit),
  };
}

function rowOf({ symbol, held, targetFraction, change, reason, cost, benefit }: RebalanceLine): readonly string[] {
  const order = change === 0 ? '-' : `${change > 0 ? 'buy' : 'sell'} ${Math.abs(change)}`;
  const told = (amount: Money | undefined): string => (amount === undefined ? '-' : moneyText(amount));
  return [symbol, String(held), targetFraction.toFixed(6), order, reason, told(cost), told(benefit)];
}

function spreadText({ before, after }: { readonly before: Standing; readonly after: Standing }): readonly string[] {
  const positions = `Effective positions ${before.effectivePositions.toFixed(2)} before, ${after.effectivePositions.toFixed(2)} after`;
  if (!before.diversification || !after.diversification) return [`${positions}.`];
  const [was, is] = [before.diversification.ratio, after.diversification.ratio];
  return [`${positions}; diversification ratio ${was.toFixed(3)} before, ${is.toFixed(3)} after.`];
}
