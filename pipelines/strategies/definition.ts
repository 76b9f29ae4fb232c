import type { DailyBars } from '#domain/bars.ts';
import type { Strategy } from '../backtest/strategy.ts';

/** A number that a strategy is set by. */
export interface StrategyParameter {
  readonly name: string;
  /** What it means, with its unit. */
  readonly meaning: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** Whether only whole numbers are taken. */
  readonly kind: 'whole' | 'real';
}

/** What a strategy is made from. */
export interface StrategyInput {
  /**
   * The bars that will be played. An honest strategy reads bars from its desk alone; what is prepared from these may
   * know what comes later, which `findStrategyLookAhead` tells.
   */
  readonly bars: readonly DailyBars[];
  /** By name, every parameter of the definition. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** A kind of strategy. */
export interface StrategyDefinition {
  readonly name: string;
  readonly title: string;
  readonly parameters: readonly StrategyParameter[];
  /** A strategy at its beginning: it keeps what it has seen, so each run takes its own. */
  readonly create: (input: StrategyInput) => Strategy;
}

/** Parameters of a definition with those given put in for its defaults. @throws RangeError naming the one that is wrong */
export function parametersOf(
  { name: strategy, parameters }: StrategyDefinition,
  given: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const strange = Object.keys(given).find((name) => !parameters.some((parameter) => parameter.name === name));
  const known = parameters.map(({ name }) => name).join(', ') || 'none';
  if (strange !== undefined) throw new RangeError(`${strategy} has no parameter ${strange}, but ${known}`);
  return Object.fromEntries(
    parameters.map((parameter) => [parameter.name, checked(parameter, given[parameter.name] ?? parameter.default)]),
  );
}

function checked({ name, min, max, kind }: StrategyParameter, value: number): number {
  if (!(value >= min && value <= max) || (kind === 'whole' && !Number.isInteger(value))) {
    throw new RangeError(
      `${name} is ${value}, not ${kind === 'whole' ? 'a whole number' : 'a number'} from ${min} to ${max}`,
    );
  }
  return value;
}
