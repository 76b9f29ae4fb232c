import type { StockMarket } from '../environment/stockMarket.ts';
import { MarketWalk, type PlayedAccount } from '../environment/marketWalk.ts';
import type { TradingRules } from '../environment/stockTrading.ts';
import type { ServedPolicy } from './agentPolicy.ts';

/** How recent performance becomes weight. */
export interface TrackSettings {
  /** Sessions after which a return counts half. */
  readonly halfLife: number;
  /** How strongly a better return over its deviation outweighs a worse one; 0 weighs all alike. */
  readonly sharpness: number;
}

/** A quarter of a year, and a ratio that is a tenth better a session counts e times as much. */
export const usualTrackSettings: TrackSettings = { halfLife: 63, sharpness: 10 };

/**
 * Several policies as one account, twice: each counting the same, and each by how its own account fared so far. Every
 * policy sees the common account; what is ordered is the mean of their orders. A weight knows only sessions that are over.
 * @param policies at least one, all of the market's sizes
 */
export function playEnsembles(
  policies: readonly ServedPolicy[],
  { market, rules }: { readonly market: StockMarket; readonly rules: TradingRules },
  settings: TrackSettings = usualTrackSettings,
): Readonly<Record<'average' | 'recent performance', PlayedAccount>> {
  const alone = policies.map(() => new MarketWalk(market, rules));
  const [average, recent] = [new MarketWalk(market, rules), new MarketWalk(market, rules)];
  const alike = new Float64Array(policies.length).fill(1 / policies.length);
  while (!average.isOver) {
    const weights = trackWeights(
      alone.map((walk) => walk.returns),
      settings,
    );
    const orders = (walk: MarketWalk): readonly Float32Array[] =>
      policies.map((policy) => policy.orders(walk.observation.slice()));
    const [together, trusted] = [orders(average), orders(recent)];
    const own = policies.map((policy, member) => policy.orders(alone[member]!.observation.slice()));
    for (const [member, walk] of alone.entries()) walk.step(own[member]!);
    average.step(weightedOrders(together, alike));
    recent.step(weightedOrders(trusted, weights));
  }
  return { average: average.played(), 'recent performance': recent.played() };
}

/**
 * Weights by the mean over the deviation of recent returns, in which older ones count less: their exponentials, scaled to
 * sum to one. All alike before there are two returns, or where nothing varied.
 * @param returns shape [members][sessions], oldest first
 */
export function trackWeights(
  returns: readonly (readonly number[])[],
  { halfLife, sharpness }: TrackSettings,
): Float64Array {
  const fading = 0.5 ** (1 / halfLife);
  const ratios = returns.map((own) => {
    let [sum, squares, count] = [0, 0, 0];
    for (const value of own) {
      sum = sum * fading + value;
      squares = squares * fading + value ** 2;
      count = count * fading + 1;
    }
    const mean = own.length > 1 ? sum / count : 0;
    const deviation = own.length > 1 ? Math.sqrt(Math.max(0, squares / count - mean ** 2)) : 0;
    return deviation > 0 ? mean / deviation : 0;
  });
  const best = Math.max(...ratios);
  const weights = Float64Array.from(ratios, (ratio) => Math.exp(sharpness * (ratio - best)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function weightedOrders(orders: readonly Float32Array[], weights: Float64Array): Float32Array {
  return Float32Array.from(orders[0]!, (_, stock) => {
    const mean = orders.reduce((sum, own, member) => sum + weights[member]! * own[stock]!, 0);
    return Math.max(-1, Math.min(1, mean));
  });
}
