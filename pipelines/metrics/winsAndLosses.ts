import { mean, quotient, sum } from './moments.ts';

/** Gains against losses, over sessions. */
export interface WinsAndLosses {
  /** Sum of gains over sum of losses; null when no session lost. */
  readonly profitFactor: number | null;
  /** Winning sessions over those that moved; null when none did. */
  readonly winRate: number | null;
  /** Mean of the gains, a fraction; null without one. */
  readonly averageWin: number | null;
  /** Mean of the losses, a fraction, positive; null without one. */
  readonly averageLoss: number | null;
  /** The average win over the average loss; null without either. */
  readonly payoffRatio: number | null;
}

/**
 * Counts sessions: a session of no change is neither won nor lost.
 * @param returns shape [sessions], simple returns as fractions; or profits of trades, in any unit
 */
export function winsAndLosses(returns: Float64Array): WinsAndLosses {
  const wins = returns.filter((value) => value > 0);
  const losses = returns.filter((value) => value < 0).map((value) => -value);
  const [averageWin, averageLoss] = [mean(wins), mean(losses)];
  return {
    profitFactor: quotient(sum(wins), sum(losses)),
    winRate: quotient(wins.length, wins.length + losses.length),
    averageWin,
    averageLoss,
    payoffRatio: quotient(averageWin, averageLoss),
  };
}
