import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { money, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { PaperExchange } from '#infra/paperExchange/exchange.ts';
import { openExchange, removeExchange, terms } from './exchangeHarness.ts';

const friday = sessionDate('2020-03-13');

describe('what the paper exchange refuses, as Alpaca does', () => {
  let opened: ReturnType<typeof openExchange>;
  let exchange: PaperExchange;
  beforeEach(() => {
    opened = openExchange();
    exchange = opened.exchange;
  });
  afterEach(() => removeExchange(opened));

  test('a client order id it has seen, whatever became of that order', () => {
    exchange.submit('book', terms({ clientOrderId: 'once', timeInForce: 'opening' }));
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(exchange.submit('book', terms({ clientOrderId: 'once' }))).toMatchObject({
      status: 422,
      code: 40_010_001,
      message: 'client_order_id must be unique',
    });
    expect(exchange.account('book')?.orders.size).toBe(1);
    expect(exchange.account('book')?.submissions.map(({ outcome }) => outcome)).toEqual(['accepted', 40_010_001]);
  });

  test('a symbol it does not know', () => {
    expect(exchange.submit('book', terms({ symbol: 'NONE' }))).toMatchObject({ status: 422, code: 42_210_000 });
  });

  test('a limit price in fractions of a cent', () => {
    expect(exchange.submit('book', terms({ limitPrice: money(1_000_001) }))).toMatchObject({ status: 422 });
    expect(exchange.submit('book', terms({ limitPrice: money(1_000_100) }))).not.toHaveProperty('kind');
  });

  test('purchases beyond the buying power, counting those that are open', () => {
    // A million dollars; 100 is the last close; 9,000 shares leave 100,000 dollars.
    expect(exchange.submit('book', terms({ quantity: shares(9_000) }))).not.toHaveProperty('kind');
    expect(exchange.submit('book', terms({ quantity: shares(1_001) }))).toMatchObject({
      status: 403,
      code: 40_310_000,
      facts: { buying_power: '100000', cost_basis: '100100' },
    });
    expect(exchange.submit('book', terms({ quantity: shares(1_000) }))).not.toHaveProperty('kind');
  });

  test('sales of shares that are not held or are promised already: nothing is ever short', () => {
    expect(exchange.submit('book', terms({ side: 'sell' }))).toMatchObject({ status: 403, code: 40_310_000 });
    exchange.submit('book', terms({ timeInForce: 'opening' }));
    exchange.advance('book', { session: friday, phase: 'open' });
    const sale = { side: 'sell', timeInForce: 'closing' } as const;
    expect(exchange.submit('book', terms({ ...sale, quantity: shares(60) }))).not.toHaveProperty('kind');
    expect(exchange.submit('book', terms({ ...sale, quantity: shares(41) }))).toMatchObject({
      facts: { symbol: 'AAPL', existing_qty: '100', held_for_orders: '60', available: '40' },
    });
    expect(exchange.submit('book', terms({ ...sale, quantity: shares(40) }))).not.toHaveProperty('kind');
  });

  test('auction orders after their auction', () => {
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(exchange.submit('book', terms({ timeInForce: 'opening' }))).toMatchObject({ status: 422 });
    exchange.advance('book', { session: friday, phase: 'closed' });
    expect(exchange.submit('book', terms({ timeInForce: 'closing' }))).toMatchObject({ status: 422 });
  });

  test('orders after the last recorded session, which could never trade', () => {
    exchange.advance('book', { session: sessionDate('2020-03-17'), phase: 'closed' });
    expect(exchange.submit('book', terms())).toMatchObject({ status: 422 });
  });

  test('cancelling frees what an order reserved; a done order is past cancelling', () => {
    const first = exchange.submit('book', terms({ quantity: shares(10_000) }));
    if ('kind' in first) throw new Error(first.message);
    expect(exchange.submit('book', terms({ quantity: shares(10_000) }))).toMatchObject({ status: 403 });
    expect(exchange.cancel('book', first.accepted.orderId)).toBe('cancelled');
    expect(exchange.cancel('book', first.accepted.orderId)).toBe('alreadyDone');
    expect(exchange.cancel('book', 'no-such-order')).toBe('unknown');
    expect(exchange.submit('book', terms({ quantity: shares(10_000) }))).not.toHaveProperty('kind');
  });
});
