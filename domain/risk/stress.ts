import type { StressScenario, StressShock } from '../stressScenarios.ts';
import { exitOfBook } from './exitOfBook.ts';

/** A position as scenarios see it. */
export interface StressedPosition {
  readonly symbol: string;
  /** Market value; negative for a short. Any unit: losses are told in the same one. */
  readonly value: number;
  /** Part of the index's move that it makes. */
  readonly beta: number;
  /** Of its daily returns, a fraction. */
  readonly dailyDeviation: number;
  /** Fall, as a fraction, for a rise of yields by 1 (10,000 basis points): years. 0 where nothing is known. */
  readonly durationYears: number;
  /** Half of its usual quoted spread, a fraction of the price. */
  readonly halfSpreadFraction: number;
  /** What trades of it in a session, in the unit of the value; absent where nobody knows. */
  readonly dailyValueTraded?: number;
}

/** What a scenario would take. */
export interface StressLoss {
  readonly scenario: string;
  /** Positive where money is lost, in the unit of the values; null where that of a position is not known. */
  readonly loss: number | null;
  /** Of equity, a fraction; infinite without equity. */
  readonly lossFraction: number | null;
  /** By symbol; they sum to the loss. Null where what a scenario asks of a position is not known. */
  readonly byPosition: Readonly<Record<string, number | null>>;
}

/**
 * What scenarios would take from an account, at once and without a chance to trade. A long position never loses more
 * than it is worth; a short may.
 * @param equity in the unit of the values
 * @throws RangeError for a figure that is not finite, a negative deviation or spread, or a symbol that comes twice
 */
export function stressLosses(
  positions: readonly StressedPosition[],
  equity: number,
  scenarios: readonly StressScenario[],
): readonly StressLoss[] {
  if (new Set(positions.map(({ symbol }) => symbol)).size < positions.length) {
    throw new RangeError('a symbol has more than one position');
  }
  for (const position of positions) checkPosition(position);
  return scenarios.map(({ name, shock }) => {
    const losses = positions.map((position) => [position.symbol, lossOf(position, shock)] as const);
    const loss = losses.reduce<number | null>((sum, [, one]) => (sum === null || one === null ? null : sum + one), 0);
    return {
      scenario: name,
      loss,
      lossFraction: loss === null ? null : equity > 0 ? loss / equity : Number.POSITIVE_INFINITY,
      byPosition: Object.fromEntries(losses),
    };
  });
}

function lossOf(position: StressedPosition, shock: StressShock): number | null {
  const { value } = position;
  const fall = fallOf(position, shock);
  if (fall === null) return null;
  // What closing costs is lost on both sides; a fall is a short's gain.
  const closes = shock.kind === 'liquidity' || shock.kind === 'volumeFalls';
  const loss = closes ? Math.abs(value) * fall : value * fall;
  return value > 0 ? Math.min(value, loss) : loss;
}

function fallOf(position: StressedPosition, shock: StressShock): number | null {
  // A stop that the opening passed fills there, as if there were none.
  if (shock.kind === 'indexFall' || shock.kind === 'gapThroughStop') return position.beta * shock.fraction;
  if (shock.kind === 'ratesRise') return (position.durationYears * shock.basisPoints) / 10_000;
  if (shock.kind === 'correlationsToOne') return position.dailyDeviation * shock.deviations;
  if (shock.kind === 'liquidity') return position.halfSpreadFraction * shock.spreadMultiple;
  return costOfLeaving(position, shock);
}

/** Half the spread and the impact of closing a position, of its value; null where nobody knows what trades of it. */
function costOfLeaving(
  { dailyValueTraded, dailyDeviation, value, symbol, halfSpreadFraction }: StressedPosition,
  { volumeFraction, participationFraction }: Extract<StressShock, { kind: 'volumeFalls' }>,
): number | null {
  if (dailyValueTraded === undefined) return null;
  if (value === 0) return 0;
  const held = { symbol, value, dailyValueTraded, dailyVolatility: dailyDeviation };
  const { impact } = exitOfBook([held], { volumeFraction, participationFraction, coefficient: 1 });
  return halfSpreadFraction + impact / Math.abs(value);
}

function checkPosition({ symbol, ...figures }: StressedPosition): void {
  const all = Object.values(figures);
  const trades = figures.dailyValueTraded === undefined || figures.dailyValueTraded > 0;
  if (trades && all.every(Number.isFinite) && figures.dailyDeviation >= 0 && figures.halfSpreadFraction >= 0) return;
  throw new RangeError(`${symbol} cannot be stressed: ${JSON.stringify(figures)}`);
}
