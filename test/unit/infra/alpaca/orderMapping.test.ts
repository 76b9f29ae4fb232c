import { describe, expect, test } from 'vitest';
import { money, shares } from '#domain/money.ts';
import { isOrderOf } from '#domain/order.ts';
import type { OrderIntent } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { AlpacaOrder, AlpacaOrderStatus } from '#infra/alpaca/alpacaWire.ts';
import { brokerOrder, orderRequestBody } from '#infra/alpaca/orderMapping.ts';

const order: AlpacaOrder = {
  id: '904837e3-3b76-47ec-b432-046db621571b',
  client_order_id: 'book-1',
  symbol: 'AAPL',
  side: 'buy',
  qty: '100',
  filled_qty: '0',
  status: 'new',
  submitted_at: '2020-03-13T13:00:00Z',
};

const intent: OrderIntent = {
  clientOrderId: 'book-1',
  account: 'book',
  session: sessionDate('2020-03-13'),
  strategy: 'forecast',
  symbol: 'AAPL',
  side: 'buy',
  quantity: shares(100),
  kind: { kind: 'market' },
  timeInForce: 'opening',
  reduceOnly: false,
};

const isSame = (shown: AlpacaOrder, meant: OrderIntent): boolean => isOrderOf(meant, brokerOrder(shown));

describe('the state of an order', () => {
  const working = 'acknowledged';
  const states: readonly (readonly [AlpacaOrderStatus, string, string, string])[] = [
    ['new', working, 'partiallyFilled', 'partiallyFilled'],
    ['pending_cancel', working, 'partiallyFilled', 'partiallyFilled'],
    ['done_for_day', working, 'partiallyFilled', 'partiallyFilled'],
    ['partially_filled', working, 'partiallyFilled', 'partiallyFilled'],
    ['calculated', working, 'partiallyFilled', 'filled'],
    ['canceled', 'cancelled', 'cancelled', 'cancelled'],
    ['replaced', 'cancelled', 'cancelled', 'cancelled'],
    ['expired', 'expired', 'expired', 'expired'],
    ['rejected', 'rejected', 'rejected', 'rejected'],
  ];
  for (const [status, none, some, all] of states) {
    test(`${status} is ${none}, with some shares ${some}, with all ${all}`, () => {
      const at = (filled: string): string => brokerOrder({ ...order, status, filled_qty: filled }).state;
      expect([at('0'), at('40'), at('100')]).toEqual([none, some, all]);
    });
  }

  test('keeps what was filled before the end, and refuses fractions of a share', () => {
    expect(brokerOrder({ ...order, status: 'canceled', filled_qty: '40' })).toEqual({
      clientOrderId: 'book-1',
      brokerOrderId: order.id,
      symbol: 'AAPL',
      side: 'buy',
      quantity: 100,
      state: 'cancelled',
      filledQuantity: 40,
    });
    expect(() => brokerOrder({ ...order, filled_qty: '0.5' })).toThrow(RangeError);
  });
});

describe('the body of a new order', () => {
  test('says the time in force in the words of the venue', () => {
    const sent = (['day', 'opening', 'closing'] as const).map(
      (timeInForce) =>
        (JSON.parse(orderRequestBody({ ...intent, timeInForce })) as { time_in_force: string }).time_in_force,
    );
    expect(sent).toEqual(['day', 'opg', 'cls']);
  });

  test('holds the limit price as exact decimal text, and only for a limit order', () => {
    const limited: OrderIntent = { ...intent, kind: { kind: 'limit', limitPrice: money(1_023_400) } };
    expect(JSON.parse(orderRequestBody(limited))).toEqual({
      symbol: 'AAPL',
      qty: '100',
      side: 'buy',
      type: 'limit',
      time_in_force: 'opg',
      limit_price: '102.34',
      client_order_id: 'book-1',
    });
    expect(orderRequestBody(intent)).not.toContain('limit_price');
  });
});

test('an order is the one that was meant only when symbol, side and quantity agree', () => {
  expect(isSame(order, intent)).toBe(true);
  expect(isSame({ ...order, symbol: 'NVDA' }, intent)).toBe(false);
  expect(isSame({ ...order, side: 'sell' }, intent)).toBe(false);
  expect(isSame({ ...order, qty: '99' }, intent)).toBe(false);
  expect(isSame({ ...order, qty: null }, intent)).toBe(false);
});
