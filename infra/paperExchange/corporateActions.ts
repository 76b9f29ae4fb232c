import { randomUUID } from 'node:crypto';
import { dividendCash } from '#domain/dividends.ts';
import { money } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { splitPosition } from '#domain/shareSplit.ts';
import { openOrders } from './accountState.ts';
import type { AccountState } from './accountState.ts';
import { activityId } from './activityIds.ts';
import type { ExchangeEvent } from './events.ts';
import { marketTimeMs } from './marketTime.ts';
import type { RecordedBars } from './recordedBars.ts';

/**
 * What happens to an account's holdings before the open of a session: dividends are credited on their ex-date to who
 * held the shares at the close before, then splits multiply the shares. Open orders in a symbol that splits are
 * cancelled, since their quantity and price speak of shares that are gone.
 */
export function corporateActionsBefore(
  state: AccountState,
  session: SessionDate,
  bars: RecordedBars,
): readonly ExchangeEvent[] {
  const atMs = marketTimeMs({ session, phase: 'beforeOpen' });
  const held = [...state.holdings].sort(([a], [b]) => (a < b ? -1 : 1));
  const events: ExchangeEvent[] = [];
  for (const [symbol, { quantity }] of held) {
    const about = { session, symbol, marketTimeMs: atMs };
    const dividend = bars.dividendDollars(symbol, session);
    const cash = dividendCash(dividend, quantity);
    if (cash !== 0)
      events.push({ kind: 'dividendPaid', activityId: activityId(atMs, randomUUID()), ...about, quantity, cash });
    const split = bars.split(symbol, session);
    if (split === undefined) continue;
    const close = bars.barBefore(symbol, session)?.close ?? money(0);
    const { quantity: quantityAfter, cashInLieu } = splitPosition(quantity, split, close);
    events.push({
      kind: 'sharesSplit',
      activityId: activityId(atMs, randomUUID()),
      ...about,
      quantityBefore: quantity,
      quantityAfter,
      cashInLieu,
    });
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
