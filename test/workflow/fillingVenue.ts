import type { OrderActivities, OrderProgress } from '#activities/orderActivities.ts';
import { shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';

/** An order to buy 10 AAPL at the opening. */
export function intentOf(account: string, strategy: string): OrderIntent {
  return {
    clientOrderId: `${account}-20240103-${strategy}-AAPL-0`,
    account,
    session: sessionDate('2024-01-03'),
    strategy,
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(10),
    kind: { kind: 'market' },
    timeInForce: 'opening',
    reduceOnly: false,
  };
}

const filled = ({ clientOrderId }: OrderIntent): Promise<OrderProgress> =>
  Promise.resolve({ clientOrderId, state: 'filled', filledQuantity: 10 });

/** A venue that fills every order at once. */
export const fillingVenue: OrderActivities = {
  submitOrder: filled,
  askOrder: async (intent) => ({ kind: 'known', progress: await filled(intent) }),
  resendAbsentOrder: filled,
  cancelOrder: filled,
  giveUpAbsentOrder: filled,
};

/** Writes a call down and answers. */
export function says<Answer>(calls: string[], call: string, answer: Answer): Promise<Answer> {
  calls.push(call);
  return Promise.resolve(answer);
}
