import { standardNormal } from '../distributions.ts';
import { Failure } from '../failure.ts';
import {
  discreteTemporaryImpact,
  executionSchedule,
  type ExecutionProblem,
  type ExecutionSchedule,
} from './executionSchedule.ts';

/** Schedules of least expected cost for what they risk, from the slowest on. */
export interface ExecutionFrontier {
  readonly schedules: readonly ExecutionSchedule[];
  /** The schedule of least value at risk: liquidity-adjusted VaR. */
  readonly leastValueAtRisk: ExecutionSchedule;
}

/**
 * Shortfall that is not exceeded with a probability: expected cost and so many standard deviations, dollars.
 * @param confidence over 0 and under 1
 * @throws RangeError for a confidence that is none
 */
export function shortfallAtRisk(
  { expectedCost, standardDeviation }: Pick<ExecutionSchedule, 'expectedCost' | 'standardDeviation'>,
  confidence: number,
): number {
  return expectedCost + standardNormal.quantile(confidence) * standardDeviation;
}

/**
 * The efficient frontier: the schedule without risk aversion, then ones whose urgency grows evenly in logarithms, from a
 * tenth of the horizon's inverse to ten times a period's. Every schedule on it costs more and risks less than the one before.
 * Source: Almgren and Chriss (2000), sections 2.4 and 3.2.
 * @param points schedules on it, at least 3
 * @param confidence of the value at risk, over 0.5 and under 1
 * @throws Failure COST_INPUT_INVALID for a problem with drift or without volatility, which has no such frontier, or what
 *   is out of its range
 */
export function executionFrontier(problem: ExecutionProblem, points: number, confidence: number): ExecutionFrontier {
  const { drift, volatility, periods, horizonDays } = problem;
  if (drift !== 0 || volatility === 0 || points < 3 || !(confidence > 0.5 && confidence < 1)) {
    throw new Failure(
      'COST_INPUT_INVALID',
      `no frontier with a drift of ${drift}, a volatility of ${volatility}, ${points} points, confidence ${confidence}`,
      {},
    );
  }
  const scale = discreteTemporaryImpact(problem) / volatility ** 2;
  const [slowest, fastest] = [0.1 / horizonDays, (10 * periods) / horizonDays];
  const aversionAt = (place: number): number => scale * (slowest * (fastest / slowest) ** place) ** 2;
  const at = (place: number): ExecutionSchedule => executionSchedule(problem, aversionAt(place));
  const steps = points - 2;
  const schedules = [
    executionSchedule(problem, 0),
    ...Array.from({ length: steps + 1 }, (_, step) => at(step / steps)),
  ];
  const risk = (schedule: ExecutionSchedule): number => shortfallAtRisk(schedule, confidence);
  const best = schedules.reduce(
    (least, schedule, index) => (risk(schedule) < risk(schedules[least]!) ? index : least),
    0,
  );
  // The first schedule has no place between the others; beside it the least is looked for from the second one on.
  const [from, to] = [Math.max(0, (best - 2) / steps), Math.min(1, best / steps)];
  const refined = at(leastPlace((place) => risk(at(place)), from, to));
  return { schedules, leastValueAtRisk: risk(refined) < risk(schedules[best]!) ? refined : schedules[best]! };
}

const goldenPart = (Math.sqrt(5) - 1) / 2;
const narrowings = 60;

/** Place of the least value between two places, by the golden section (Kiefer 1953). */
function leastPlace(value: (place: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [left, right] = [high - goldenPart * (high - low), low + goldenPart * (high - low)];
  let [ofLeft, ofRight] = [value(left), value(right)];
  for (let step = 0; step < narrowings; step += 1) {
    if (ofLeft <= ofRight) {
      [high, right, ofRight] = [right, left, ofLeft];
      left = high - goldenPart * (high - low);
      ofLeft = value(left);
    } else {
      [low, left, ofLeft] = [left, right, ofRight];
      right = low + goldenPart * (high - low);
      ofRight = value(right);
    }
  }
  return (low + high) / 2;
}
