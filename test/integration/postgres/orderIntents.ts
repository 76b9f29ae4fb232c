import { shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';

/** An intent to buy 10 AAPL at the market, changed as asked. */
export function intent({
  account,
  sequence = 0,
  ...changes
}: Partial<OrderIntent> & { readonly account: string; readonly sequence?: number }): OrderIntent {
  return {
    clientOrderId: `${account}-2023-06-26-test-AAPL-${sequence}`,
    account,
    session: sessionDate('2023-06-26'),
    strategy: 'test',
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(10),
    kind: { kind: 'market' },
    timeInForce: 'day',
    reduceOnly: false,
    ...changes,
  };
}
