import { Failure } from '#domain/failure.ts';
import { dot } from './symmetricMatrix.ts';

/**
 * Loadings of assets on something they share, by its name, shape [assets] each: 1 and 0 for who is in a sector, scores for
 * factors such as value, momentum, size, growth and quality.
 */
export type Loadings = Readonly<Record<string, Float64Array>>;

/** An exposure that has drifted from where it should be by more than its limit. */
export interface DriftBreach {
  readonly name: string;
  readonly exposure: number;
  readonly target: number;
  /** Largest distance allowed. */
  readonly limit: number;
}

/**
 * Sums of weights times loadings, by name, in the loadings' unit.
 * @param weights shape [assets]
 * @throws Failure PORTFOLIO_INPUT_INVALID for loadings of another number of assets, or one that is not finite
 */
export function exposures(weights: Float64Array, loadings: Loadings): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(loadings).map(([name, values]) => {
      if (values.length !== weights.length || values.some((value) => !Number.isFinite(value))) {
        throw new Failure('PORTFOLIO_INPUT_INVALID', `loadings of ${name} are not a finite figure for each asset`, {
          constraint: name,
        });
      }
      return [name, dot(weights, values)];
    }),
  );
}

/**
 * Exposures further from those of the target weights than allowed, in the order of the limits.
 * @param limits largest distance by name, in the loadings' unit; what has none may drift
 * @throws Failure PORTFOLIO_INPUT_INVALID for a limit on something that has no loadings, or as of `exposures`
 */
export function driftBreaches(
  { held, target }: { readonly held: Float64Array; readonly target: Float64Array },
  loadings: Loadings,
  limits: Readonly<Record<string, number>>,
): readonly DriftBreach[] {
  const [now, meant] = [exposures(held, loadings), exposures(target, loadings)];
  return Object.entries(limits).flatMap(([name, limit]) => {
    const [exposure, aim] = [now[name], meant[name]];
    if (exposure === undefined || aim === undefined || !(limit >= 0)) {
      throw new Failure(
        'PORTFOLIO_INPUT_INVALID',
        `drift of ${name}: limit ${limit} on what has no loadings, or none`,
        {
          constraint: name,
        },
      );
    }
    return Math.abs(exposure - aim) > limit ? [{ name, exposure, target: aim, limit }] : [];
  });
}
