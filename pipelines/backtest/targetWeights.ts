import type { RebalanceRules } from '#domain/rebalance.ts';
import { tradesToTargets } from '#domain/tradesToTargets.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { Desk, Strategy } from './strategy.ts';

/** Weight by symbol, fractions of equity; a symbol that is held and left out is sold. */
export type TargetWeights = Readonly<Record<string, number>>;

/**
 * A strategy of target weights, traded as a session trades them: sized at the last closes, rebalanced, ordered for the
 * opening auction. A reducing account halves its targets; a halted one is sold by its breaker.
 * @param targetsOf asked before each open; undefined leaves the holdings as they are
 */
export function targetWeights(
  targetsOf: (desk: Desk) => TargetWeights | undefined,
  rules: RebalanceRules,
): Required<Pick<Strategy, 'beforeOpen'>> {
  return {
    beforeOpen(desk) {
      const decided = targetsOf(desk);
      if (decided === undefined || desk.state === 'halted') return;
      const prices: Record<string, Money> = {};
      const positions: Record<string, Shares> = {};
      for (let symbol = 0; symbol < desk.symbols.length; symbol += 1) {
        const last = desk.lastClose(symbol);
        if (last !== undefined) prices[desk.symbols[symbol]!] = last;
        if (desk.held(symbol) !== 0) positions[desk.symbols[symbol]!] = desk.held(symbol);
      }
      const { state, equity, cash } = desk;
      const { trades } = tradesToTargets(decided, { state, equity, cash, positions, prices }, rules);
      const places = new Map(trades.length === 0 ? [] : desk.symbols.map((name, place) => [name, place]));
      desk.submit(
        trades.map(({ symbol, side, quantity, reduceOnly }) => ({
          symbol: places.get(symbol)!,
          side,
          quantity,
          terms: { kind: 'market' },
          timeInForce: 'opening',
          reduceOnly,
        })),
      );
    },
  };
}
