import { randomUUID } from 'node:crypto';
import { money } from '#domain/money.ts';
import { afterActions } from '#domain/positionActions.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { openOrders } from './accountState.ts';
import type { AccountState } from './accountState.ts';
import { activityId } from './activityIds.ts';
import type { ExchangeEvent } from './events.ts';
import { marketTimeMs } from './marketTime.ts';
import type { RecordedBars } from './recordedBars.ts';

/**
 * What happens to an account's holdings before the open of a session: splits multiply the shares, dividends are credited
 * on their ex-date to who held the shares at the close before. Open orders in a symbol that splits are cancelled, since
 * their quantity and price speak of shares that are gone.
 */
export function corporateActionsBefore(
  state: AccountState,
  session: SessionDate,
  bars: RecordedBars,
): readonly ExchangeEvent[] {
  const atMs = marketTimeMs({ session, phase: 'beforeOpen' });
  const held = [...state.holdings].sort(([a], [b]) => (a < b ? -1 : 1));
  const events: ExchangeEvent[] = [];
  for (const [symbol, { quantity: quantityBefore }] of held) {
    const about = { session, symbol, marketTimeMs: atMs };
    const split = bars.split(symbol, session);
    const { quantity, cashInLieu, dividend } = afterActions(quantityBefore, {
      split,
      dividendDollars: bars.dividendDollars(symbol, session),
      close: bars.barBefore(symbol, session)?.close ?? money(0),
    });
    const activity = (): string => activityId(atMs, randomUUID());
    if (split !== undefined) {
      const quantityAfter = quantity;
      events.push({
        kind: 'sharesSplit',
        activityId: activity(),
        ...about,
        quantityBefore,
        quantityAfter,
        cashInLieu,
      });
    }
    if (dividend !== 0)
      events.push({ kind: 'dividendPaid', activityId: activity(), ...about, quantity, cash: dividend });
  }
  const ends = openOrders(state)
    .filter(({ accepted }) => bars.split(accepted.symbol, session) !== undefined)
    .map(({ accepted: { orderId } }) => ({
      kind: 'orderEnded' as const,
      orderId,
      status: 'canceled' as const,
      marketTimeMs: atMs,
    }));
  return [...events, ...ends];
}
