import type { StressScenario, StressShock } from '../stressScenarios.ts';

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
}

/** What a scenario would take. */
export interface StressLoss {
  readonly scenario: string;
  /** Positive where money is lost, in the unit of the values. */
  readonly loss: number;
  /** Of equity, a fraction; infinite without equity. */
  readonly lossFraction: number;
  /** By symbol; they sum to the loss. */
  readonly byPosition: Readonly<Record<string, number>>;
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
    const losses = positions.map((position): [string, number] => [position.symbol, lossOf(position, shock)]);
    const loss = losses.reduce((sum, [, one]) => sum + one, 0);
    return {
      scenario: name,
      loss,
      lossFraction: equity > 0 ? loss / equity : Number.POSITIVE_INFINITY,
      byPosition: Object.fromEntries(losses),
    };
  });
}

function lossOf(position: StressedPosition, shock: StressShock): number {
  const { value } = position;
  const fall = fallOf(position, shock);
  // What closing costs is lost on both sides; a fall is a short's gain.
  const loss = shock.kind === 'liquidity' ? Math.abs(value) * fall : value * fall;
  return value > 0 ? Math.min(value, loss) : loss;
}

function fallOf(position: StressedPosition, shock: StressShock): number {
  if (shock.kind === 'indexFall') return position.beta * shock.fraction;
  if (shock.kind === 'ratesRise') return (position.durationYears * shock.basisPoints) / 10_000;
  if (shock.kind === 'correlationsToOne') return position.dailyDeviation * shock.deviations;
  return position.halfSpreadFraction * shock.spreadMultiple;
}

function checkPosition({ symbol, ...figures }: StressedPosition): void {
  const all = Object.values(figures);
  if (all.every(Number.isFinite) && figures.dailyDeviation >= 0 && figures.halfSpreadFraction >= 0) return;
  throw new RangeError(`${symbol} cannot be stressed: ${JSON.stringify(figures)}`);
}
