import { sessionsPerYear } from '#domain/sessionsPerYear.ts';
import { mean } from './moments.ts';

/** Target or actual weights of a portfolio by session. */
export interface WeightTable {
  readonly symbols: readonly string[];
  /** Shape [sessions, symbols], fractions of equity, oldest session first. */
  readonly values: Float64Array;
}

/**
 * One-way turnover of each session from weights alone: half the sum of absolute changes, the first session measured
 * against cash. Weights that drift with prices count as changed; a backtest, which knows its trades, measures those.
 * @returns shape [sessions], fractions of equity
 * @throws RangeError when the values are no whole number of sessions
 */
export function turnoverOfWeights(weights: WeightTable): Float64Array {
  const { symbols, values } = weights;
  return Float64Array.from({ length: sessionsOf(weights) }, (_, row) => {
    let changed = 0;
    for (let column = 0; column < symbols.length; column += 1) {
      const at = row * symbols.length + column;
      changed += Math.abs(values[at]! - (row === 0 ? 0 : values[at - symbols.length]!));
    }
    return changed / 2;
  });
}

/**
 * Gross exposure of each session: the sum of absolute weights.
 * @returns shape [sessions], fractions of equity
 * @throws RangeError when the values are no whole number of sessions
 */
export function exposureOfWeights(weights: WeightTable): Float64Array {
  const width = weights.symbols.length;
  return Float64Array.from({ length: sessionsOf(weights) }, (_, row) =>
    weights.values.subarray(row * width, (row + 1) * width).reduce((gross, weight) => gross + Math.abs(weight), 0),
  );
}

/**
 * Turnover a year: mean of the sessions' one-way turnover times 252.
 * @returns null for no sessions
 */
export function annualTurnover(turnover: Float64Array): number | null {
  const daily = mean(turnover);
  return daily === null ? null : daily * sessionsPerYear;
}

function sessionsOf({ symbols, values }: WeightTable): number {
  const sessions = symbols.length === 0 ? 0 : values.length / symbols.length;
  if (!Number.isInteger(sessions)) {
    throw new RangeError(`${values.length} weights are no whole sessions of ${symbols.length} symbols`);
  }
  return sessions;
}
