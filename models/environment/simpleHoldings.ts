import { MarketWalk, type PlayedAccount } from './marketWalk.ts';
import type { StockMarket } from './stockMarket.ts';
import type { TradingRules } from './stockTrading.ts';

/** What an agent must beat, under the same rules and costs; a limit on holdings or turbulence stops none of them. */
export function playSimpleHoldings(
  market: StockMarket,
  { holdingFractionMax: _limit, turbulenceThreshold: _alarm, ...rules }: TradingRules,
): Readonly<Record<'buy and hold' | 'equal weight' | 'cash', PlayedAccount>> {
  const idle = new Float64Array(market.stocks);
  return {
    'buy and hold': play(market, rules, (walk) => (walk.isFirst ? equalShares(walk, rules) : idle)),
    'equal weight': play(market, rules, (walk) => equalShares(walk, rules)),
    cash: play(market, rules, () => idle),
  };
}

function play(market: StockMarket, rules: TradingRules, ordersOf: (walk: MarketWalk) => Float64Array): PlayedAccount {
  const walk = new MarketWalk(market, rules);
  while (!walk.isOver) walk.order(ordersOf(walk));
  return walk.played();
}

/** Whole shares to trade so that every stock is worth the same, with room for what buying them costs. */
function equalShares(walk: MarketWalk, { buyCostFraction }: TradingRules): Float64Array {
  const { prices, shares } = walk;
  const part = walk.worth / prices.length / (1 + buyCostFraction);
  return shares.map((held, stock) => Math.floor(part / prices[stock]!) - held);
}
