import { Failure } from '../failure.ts';

/** An order to be traded over time, and what trading it costs; the model of Almgren and Chriss (2000). */
export interface ExecutionProblem {
  /** Shares to buy or sell, a whole number > 0. */
  readonly quantity: number;
  /** Periods it is traded in, each of the same length; at least 1. */
  readonly periods: number;
  /** Length of all periods, days, > 0. */
  readonly horizonDays: number;
  /** Dollars a share that the price moves, one standard deviation, in the root of a day; >= 0. */
  readonly volatility: number;
  /** Dollars a share that trading costs however slow it is: half the spread, and fees; >= 0. */
  readonly fixedCost: number;
  /** Dollars a share for each share traded, for good; >= 0. */
  readonly permanentImpact: number;
  /** Dollars a share for each share a day of the rate of trading, while it lasts; over half the permanent impact of a period. */
  readonly temporaryImpact: number;
  /** Dollars a share a day that the price is expected to move in favour of shares not yet traded; 0 mostly. */
  readonly drift: number;
}

/** How to trade an order, and what it is expected to cost. */
export interface ExecutionSchedule {
  /** Weight of a squared dollar of risk, per dollar. */
  readonly riskAversion: number;
  /** Shape [periods + 1]: shares left at each time, from all to none; not whole. */
  readonly holdings: readonly number[];
  /** Shape [periods]: whole shares of each period, which add up to the quantity. */
  readonly trades: readonly number[];
  /** Expected shortfall against the price at the start, dollars, of the holdings as they are. */
  readonly expectedCost: number;
  /** Of the shortfall, squared dollars. */
  readonly variance: number;
  readonly standardDeviation: number;
  /** Rate at which holdings shrink where periods are many, per day; 0 without risk aversion. */
  readonly urgency: number;
  /** One over the urgency: the time in which holdings shrink to 1/e, were there no horizon; undefined without urgency. */
  readonly halfLifeDays: number | undefined;
}

/**
 * The schedule that minimises expected cost plus risk aversion times variance. The optimum of the discrete problem, solved
 * as the linear equations it is, which the hyperbolic sines of the paper solve too where nothing overflows.
 * Source: Almgren and Chriss, Optimal Execution of Portfolio Transactions, Journal of Risk 3 (2000), sections 2 and 4.
 * @param riskAversion per dollar, >= 0; with drift it must be > 0
 * @throws Failure COST_INPUT_INVALID naming what is out of its range
 */
export function executionSchedule(problem: ExecutionProblem, riskAversion: number): ExecutionSchedule {
  check(problem, riskAversion);
  const { quantity, periods, horizonDays, volatility, drift } = problem;
  const length = horizonDays / periods;
  const temporary = discreteTemporaryImpact(problem);
  // Squared urgency of the continuous problem, times the squared length of a period.
  const pull = (riskAversion * volatility ** 2 * length ** 2) / temporary;
  const level = drift === 0 ? 0 : drift / (2 * riskAversion * volatility ** 2);
  const holdings = balancedHoldings(quantity, periods, { pull, level });
  const traded = holdings.slice(1).map((left, at) => holdings[at]! - left);
  const { expectedCost, variance } = costOfHoldings(problem, holdings, traded);
  const urgency = Math.acosh(1 + pull / 2) / length;
  const whole = holdings.map(Math.round);
  return {
    riskAversion,
    holdings,
    trades: whole.slice(1).map((left, at) => whole[at]! - left),
    expectedCost,
    variance,
    standardDeviation: Math.sqrt(variance),
    urgency,
    halfLifeDays: urgency === 0 ? undefined : 1 / urgency,
  };
}

/** Temporary impact less what a period's own permanent impact already is: the paper's eta with a tilde. */
export function discreteTemporaryImpact({
  temporaryImpact,
  permanentImpact,
  horizonDays,
  periods,
}: Pick<ExecutionProblem, 'temporaryImpact' | 'permanentImpact' | 'horizonDays' | 'periods'>): number {
  return temporaryImpact - (permanentImpact * horizonDays) / periods / 2;
}

/** Holdings where what each period would gain balances: second differences are `pull` times the distance from `level`. */
function balancedHoldings(
  quantity: number,
  periods: number,
  { pull, level }: { readonly pull: number; readonly level: number },
): readonly number[] {
  // Thomas's elimination: each holding inside is a part of the next one, plus something.
  const parts: number[] = [];
  const rests: number[] = [];
  for (let at = 1; at < periods; at += 1) {
    const pivot = 2 + pull - (parts[at - 2] ?? 0);
    parts.push(1 / pivot);
    rests.push((pull * level + (at === 1 ? quantity : rests[at - 2]!)) / pivot);
  }
  const holdings = [0];
  for (let at = periods - 1; at >= 1; at -= 1) holdings.unshift(parts[at - 1]! * holdings[0]! + rests[at - 1]!);
  return [quantity, ...holdings];
}

function costOfHoldings(
  problem: ExecutionProblem,
  holdings: readonly number[],
  traded: readonly number[],
): { readonly expectedCost: number; readonly variance: number } {
  const { quantity, periods, horizonDays, volatility, fixedCost, permanentImpact, drift } = problem;
  const length = horizonDays / periods;
  const left = holdings.slice(1);
  const shares = traded.reduce((sum, count) => sum + Math.abs(count), 0);
  const squaredTrades = traded.reduce((sum, count) => sum + count ** 2, 0);
  const held = left.reduce((sum, count) => sum + count, 0);
  const squaredHoldings = left.reduce((sum, count) => sum + count ** 2, 0);
  return {
    expectedCost:
      (permanentImpact * quantity ** 2) / 2 +
      fixedCost * shares +
      (discreteTemporaryImpact(problem) / length) * squaredTrades -
      drift * length * held,
    variance: volatility ** 2 * length * squaredHoldings,
  };
}

function check(problem: ExecutionProblem, riskAversion: number): void {
  const { quantity, periods, drift } = problem;
  const refuse = (problemText: string): never => {
    throw new Failure('COST_INPUT_INVALID', `no schedule of execution: ${problemText}`, {});
  };
  if (!Number.isSafeInteger(quantity) || quantity <= 0) refuse(`a quantity of ${quantity}`);
  if (!Number.isSafeInteger(periods) || periods <= 0 || periods > periodsMax) refuse(`${periods} periods`);
  for (const name of ['volatility', 'fixedCost', 'permanentImpact'] as const) {
    if (!(problem[name] >= 0 && Number.isFinite(problem[name]))) refuse(`${name} of ${problem[name]}`);
  }
  if (!(problem.horizonDays > 0 && Number.isFinite(problem.horizonDays))) refuse(`${problem.horizonDays} days`);
  if (!(riskAversion >= 0 && Number.isFinite(riskAversion))) refuse(`risk aversion of ${riskAversion}`);
  if (!(discreteTemporaryImpact(problem) > 0)) {
    refuse(`temporaryImpact of ${problem.temporaryImpact} is not over half the permanent impact of a period`);
  }
  if (!Number.isFinite(drift) || (drift !== 0 && !(riskAversion * problem.volatility > 0))) {
    refuse(`a drift of ${drift} needs risk aversion and volatility, or shares would be held for ever`);
  }
}

const periodsMax = 100_000;
