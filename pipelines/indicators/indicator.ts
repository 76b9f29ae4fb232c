/** A column of bars that an indicator can read. */
export type BarField = 'open' | 'high' | 'low' | 'close' | 'volume';

/** What kind of question an indicator answers. */
export type IndicatorFamily = 'average' | 'band' | 'momentum' | 'volume' | 'volatility' | 'cycle' | 'statistic';

/** Columns of equal length, oldest row first. */
export type Columns = readonly Float64Array[];

/** Rows from `from` up to, not including, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Numbers by parameter name. */
export type IndicatorParameters = Readonly<Record<string, number>>;

/** What a parameter may be; bounds belong to the range. */
export interface ParameterRule {
  readonly kind: 'whole' | 'real';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/**
 * An indicator under way: what it remembers of the bars so far. It takes any number of bars at a time, a whole history or
 * the one that just closed, and makes of both the same values, bit for bit.
 */
export interface IndicatorState {
  /**
   * Reads the rows of the span, which follow those it was given before, and writes the same rows of every output: NaN
   * while it warms up.
   * @param inputs finite in the span
   */
  advance(inputs: Columns, outputs: Columns, span: Span): void;
}

/**
 * A technical indicator. Values are those of TA-Lib 0.8 to 1e-9, which also decides conventions such as how an average is
 * seeded. Every value knows its own row and earlier ones only.
 *
 * Rows without a value are NaN: the first `warmUp` rows, every row with an input that is not finite, and the `warmUp` rows
 * after such a row, for an indicator begins anew after a hole. Series shorter than the warm-up are NaN throughout.
 */
export interface Indicator {
  /** TA-Lib's name, e.g. `RSI`. */
  readonly name: string;
  readonly title: string;
  readonly family: IndicatorFamily;
  readonly inputs: readonly BarField[];
  /** In the order in which they are written, e.g. `MACD(12,26,9)`. */
  readonly parameters: Readonly<Record<string, ParameterRule>>;
  /** TA-Lib's names. */
  readonly outputs: readonly string[];
  /** Rows before the first value. */
  warmUp(parameters: IndicatorParameters): number;
  /** A state that has seen nothing. */
  begin(parameters: IndicatorParameters): IndicatorState;
}

/** What is said of an indicator whose parameters have these names. */
export interface IndicatorDefinition<Name extends string> {
  readonly name: string;
  readonly title: string;
  readonly family: IndicatorFamily;
  readonly inputs: readonly BarField[];
  readonly parameters: Readonly<Record<Name, ParameterRule>>;
  /** `real`, as TA-Lib calls an only output, when absent. */
  readonly outputs?: readonly string[];
  warmUp(parameters: Readonly<Record<Name, number>>): number;
  begin(parameters: Readonly<Record<Name, number>>): IndicatorState;
}

/** Longest look-back, in bars: TA-Lib's. */
export const periodMax = 100_000;

/** Greatest multiple of a deviation or a range. */
export const multipleMax = 1e6;

/** An indicator of its definition. */
export function defineIndicator<Name extends string>(definition: IndicatorDefinition<Name>): Indicator {
  return { outputs: ['real'], ...definition };
}

/** A look-back in bars. */
export function period(usual: number, min: number): ParameterRule {
  return { kind: 'whole', default: usual, min, max: periodMax };
}

/** A number of any size within bounds. */
export function factor(usual: number, min: number, max: number): ParameterRule {
  return { kind: 'real', default: usual, min, max };
}
