import { holdingsAfter, planRebalance, type Holdings, type RebalancePlan, type RebalanceRules } from '../rebalance.ts';
import { driftBreaches, type DriftBreach, type Loadings } from './exposure.ts';

/** What weights share, and how far each may drift from the targets' own. */
export interface DriftLimits {
  /** Shape [assets]. */
  readonly assets: readonly string[];
  readonly loadings: Loadings;
  /** Largest distance by name, in the loadings' unit. */
  readonly driftMax: Readonly<Record<string, number>>;
}

/** A rebalance that keeps exposures near those of its targets. */
export interface DriftLimitedPlan {
  readonly plan: RebalancePlan;
  /** Exposures over their limits before; shape as of `driftBreaches`. */
  readonly before: readonly DriftBreach[];
  /** Those that the trades cannot bring back: for want of cash, of whole lots, or of worth. */
  readonly after: readonly DriftBreach[];
  /** Symbols that their band would have left, had their exposure not drifted too far. */
  readonly released: readonly string[];
}

/**
 * Rebalances within bands as long as sectors and factors stay within their drift: where one would not, the bands of all
 * that load on it are given up, and they are brought to their targets.
 * @throws RangeError as `planRebalance`
 * @throws Failure PORTFOLIO_INPUT_INVALID as `driftBreaches`
 */
export function planWithinDrift(
  targets: Readonly<Record<string, number>>,
  holdings: Holdings,
  { rules, limits }: { readonly rules: RebalanceRules; readonly limits: DriftLimits },
): DriftLimitedPlan {
  const { assets, loadings, driftMax } = limits;
  const target = Float64Array.from(assets, (asset) => targets[asset] ?? 0);
  const breachesAt = (held: Float64Array): readonly DriftBreach[] =>
    driftBreaches({ held, target }, loadings, driftMax);
  const before = breachesAt(weightsHeld(assets, holdings));
  for (let released: readonly string[] = []; ;) {
    const plan = planRebalance(targets, holdings, { ...rules, unbanded: released });
    const after = breachesAt(weightsHeld(assets, holdingsAfter(holdings, plan)));
    const loading = assets.filter((_, place) => after.some(({ name }) => loadings[name]![place] !== 0));
    const more = [...new Set([...released, ...loading])];
    if (!rules.band || more.length === released.length) return { plan, before, after, released };
    released = more;
  }
}

/** Weights of what is held, shape [assets]; all 0 for an account worth nothing. */
export function weightsHeld(assets: readonly string[], { positions, prices, equity }: Holdings): Float64Array {
  return Float64Array.from(assets, (asset) =>
    equity > 0 ? ((positions[asset] ?? 0) * (prices[asset] ?? 0)) / equity : 0,
  );
}
