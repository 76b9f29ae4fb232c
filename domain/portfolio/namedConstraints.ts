import { Failure } from '#domain/failure.ts';
import { checkedConstraints, type PortfolioConstraints } from './constraints.ts';

/** A least and a largest weight. */
export interface WeightRange {
  readonly min?: number;
  readonly max?: number;
}

/** Constraints as a person writes them, by names of assets; fractions of capital. */
export interface NamedConstraints {
  /** Of every asset; 0 to 1 when absent. */
  readonly bounds?: WeightRange;
  /** Of single assets, before those of all. */
  readonly assets?: Readonly<Record<string, WeightRange>>;
  /** What weights sum to; 1 when absent. */
  readonly budget?: number;
  readonly sectors?: Readonly<Record<string, WeightRange & { readonly assets: readonly string[] }>>;
  /** Weights held; assets left out are not held. */
  readonly held?: Readonly<Record<string, number>>;
  readonly turnoverMax?: number;
  /** Cost of trading a unit of weight: of every asset, or of each. */
  readonly costs?: number | Readonly<Record<string, number>>;
  readonly leverageMax?: number;
  readonly trackingErrorMax?: number;
  readonly benchmark?: Readonly<Record<string, number>>;
  readonly assetsMax?: number;
  /** Parts of the risk, of risk parity; every asset has one. */
  readonly riskBudgets?: Readonly<Record<string, number>>;
}

/**
 * Constraints by the places of assets.
 * @throws Failure PORTFOLIO_INPUT_INVALID for a name that is no asset, and as of `checkedConstraints`
 */
export function constraintsOf(named: NamedConstraints, assets: readonly string[]): PortfolioConstraints {
  const places = placesOf(assets);
  const { bounds = {}, budget = 1, sectors, held, costs, benchmark } = named;
  const lower = new Float64Array(assets.length).fill(bounds.min ?? 0);
  const upper = new Float64Array(assets.length).fill(bounds.max ?? 1);
  for (const [asset, { min, max }] of Object.entries(named.assets ?? {})) {
    const place = places(asset, 'assets');
    if (min !== undefined) lower[place] = min;
    if (max !== undefined) upper[place] = max;
  }
  const { turnoverMax, leverageMax, trackingErrorMax, assetsMax } = named;
  return checkedConstraints(
    {
      lower,
      upper,
      budget,
      ...(sectors && {
        sectors: Object.entries(sectors).map(([name, { assets: members, ...range }]) => ({
          name,
          members: members.map((asset) => places(asset, `sector ${name}`)),
          ...range,
        })),
      }),
      ...(held && { held: valuesOf(held, assets, 'held') }),
      ...(costs !== undefined && {
        costs:
          typeof costs === 'number' ? new Float64Array(assets.length).fill(costs) : valuesOf(costs, assets, 'costs'),
      }),
      ...(benchmark && { benchmark: valuesOf(benchmark, assets, 'benchmark') }),
      ...(turnoverMax !== undefined && { turnoverMax }),
      ...(leverageMax !== undefined && { leverageMax }),
      ...(trackingErrorMax !== undefined && { trackingErrorMax }),
      ...(assetsMax !== undefined && { assetsMax }),
    },
    assets,
  );
}

/**
 * Figures by the places of assets, 0 for those left out; shape [assets].
 * @throws Failure PORTFOLIO_INPUT_INVALID for a name that is no asset
 */
export function valuesOf(
  named: Readonly<Record<string, number>>,
  assets: readonly string[],
  constraint: string,
): Float64Array {
  const places = placesOf(assets);
  const values = new Float64Array(assets.length);
  for (const [asset, value] of Object.entries(named)) values[places(asset, constraint)] = value;
  return values;
}

function placesOf(assets: readonly string[]): (asset: string, constraint: string) => number {
  const places = new Map(assets.map((asset, place) => [asset, place]));
  return (asset, constraint) => {
    const place = places.get(asset);
    if (place !== undefined) return place;
    throw new Failure('PORTFOLIO_INPUT_INVALID', `${constraint}: ${asset} is none of the assets`, {
      constraint,
      asset,
    });
  };
}
