import { Failure } from '#domain/failure.ts';

/** What weights must keep. Shapes are [assets], fractions of capital. */
export interface PortfolioConstraints {
  /** Least weight of each asset; negative allows selling short. */
  readonly lower: Float64Array;
  /** Largest weight of each asset. */
  readonly upper: Float64Array;
  /** What weights sum to; 1 is all capital. */
  readonly budget: number;
  /** Limits on the summed weights of groups of assets. */
  readonly sectors?: readonly SectorLimit[];
  /** Weights held now; turnover and costs are counted from them. */
  readonly held?: Float64Array;
  /** Largest sum of changes of weights, bought and sold both counted. */
  readonly turnoverMax?: number;
  /** Cost of trading a unit of each asset's weight: 0.001 is ten basis points of what is traded. */
  readonly costs?: Float64Array;
  /** Largest sum of weights without their signs. */
  readonly leverageMax?: number;
  /** Largest volatility a year of the difference to the benchmark. */
  readonly trackingErrorMax?: number;
  /** Weights of the benchmark. */
  readonly benchmark?: Float64Array;
  /** Largest number of assets with a weight. */
  readonly assetsMax?: number;
}

/** A limit on what one group of assets weighs together. */
export interface SectorLimit {
  readonly name: string;
  /** Places of the assets in it. */
  readonly members: readonly number[];
  readonly min?: number;
  readonly max?: number;
}

/**
 * Constraints whose figures make sense, whether or not weights exist that keep them all.
 * @throws Failure PORTFOLIO_INPUT_INVALID naming the constraint: a shape that is not that of the assets, a figure that is
 *   not finite, a least over a largest, a negative limit, a limit without what it is counted from
 */
export function checkedConstraints(constraints: PortfolioConstraints, assets: readonly string[]): PortfolioConstraints {
  const { lower, upper, held, costs, benchmark, sectors = [] } = constraints;
  for (const [name, values] of Object.entries({ lower, upper, held, costs, benchmark })) {
    if (values === undefined) continue;
    if (values.length !== assets.length) throw invalid(name, `${values.length} figures for ${assets.length} assets`);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw invalid(name, `${values[wrong]} for ${assets[wrong]}`);
  }
  const crossed = assets.findIndex((_, asset) => lower[asset]! > upper[asset]!);
  if (crossed >= 0) {
    throw invalid('bounds', `${assets[crossed]} must weigh at least ${lower[crossed]} and at most ${upper[crossed]}`);
  }
  if (costs?.some((cost) => cost < 0)) throw invalid('costs', 'a negative cost would be earned by trading');
  for (const { name, min, max, members } of sectors) {
    if ([min, max].some((limit) => limit !== undefined && !Number.isFinite(limit)) || min! > max!) {
      throw invalid(`sector ${name}`, `at least ${min} and at most ${max}`);
    }
    if (members.length === 0) throw invalid(`sector ${name}`, 'no asset is in it');
  }
  const { budget, turnoverMax, leverageMax, trackingErrorMax, assetsMax } = constraints;
  if (!Number.isFinite(budget)) throw invalid('budget', `${budget}`);
  for (const [name, limit] of Object.entries({ turnoverMax, leverageMax, trackingErrorMax })) {
    if (limit !== undefined && !(limit >= 0 && Number.isFinite(limit))) throw invalid(name, `${limit}`);
  }
  if (assetsMax !== undefined && !(Number.isSafeInteger(assetsMax) && assetsMax > 0)) {
    throw invalid('assetsMax', `${assetsMax}`);
  }
  if (trackingErrorMax !== undefined && !benchmark) throw invalid('trackingErrorMax', 'there is no benchmark');
  if ((turnoverMax !== undefined || costs) && !held)
    throw invalid('turnoverMax and costs', 'nothing is said to be held');
  return constraints;
}

function invalid(constraint: string, message: string): Failure {
  return new Failure('PORTFOLIO_INPUT_INVALID', `${constraint}: ${message}`, { constraint });
}
