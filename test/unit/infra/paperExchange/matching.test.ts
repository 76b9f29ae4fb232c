import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { money, moneyFromDollars, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { PaperOrder } from '#infra/paperExchange/accountState.ts';
import type { PaperExchange } from '#infra/paperExchange/exchange.ts';
import type { OrderTerms } from '#infra/paperExchange/events.ts';
import { openExchange, removeExchange, terms } from './exchangeHarness.ts';

const friday = sessionDate('2020-03-13');
const monday = sessionDate('2020-03-16');
const tuesday = sessionDate('2020-03-17');

describe('matching against a recorded session', () => {
  let opened: ReturnType<typeof openExchange>;
  let exchange: PaperExchange;

  beforeEach(() => {
    opened = openExchange({ buyingPowerMultiple: 2 });
    exchange = opened.exchange;
  });
  afterEach(() => removeExchange(opened));

  function taken(changes: Partial<OrderTerms>): () => PaperOrder {
    const outcome = exchange.submit('book', terms(changes));
    if ('kind' in outcome) throw new Error(outcome.message);
    return () => exchange.account('book')?.orders.get(outcome.accepted.orderId) as PaperOrder;
  }
  const fillsOf = (order: PaperOrder): readonly (readonly [number, number])[] =>
    order.fills.map(({ quantity, price }) => [quantity, price / 10_000]);

  test('an opening order fills in the opening auction, at the open', () => {
    const order = taken({ timeInForce: 'opening' });
    expect(order().fills).toEqual([]);
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(fillsOf(order())).toEqual([[100, 102]]);
    expect(exchange.account('book')?.cash).toBe(10_000_000_000 - 100 * 1_020_000);
  });

  test('a day order placed while the session is open fills at once, at the open', () => {
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(fillsOf(taken({})())).toEqual([[100, 102]]);
  });

  test('a closing order fills in the closing auction, at the close', () => {
    const order = taken({ timeInForce: 'closing' });
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(order().fills).toEqual([]);
    exchange.advance('book', { session: friday, phase: 'closed' });
    expect(fillsOf(order())).toEqual([[100, 106]]);
  });

  test('a resting limit order fills at its limit, never better, once the range crosses it', () => {
    const crossed = taken({ limitPrice: money(990_000) });
    const missed = taken({ limitPrice: money(970_000) });
    exchange.advance('book', { session: friday, phase: 'closed' });
    expect(fillsOf(crossed())).toEqual([[100, 99]]);
    expect(missed().fills).toEqual([]);
    expect(missed().ended?.status).toBe('expired');
  });

  test('an open that gaps through the limit fills at the open, which is better', () => {
    const order = taken({ limitPrice: money(1_050_000) });
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(fillsOf(order())).toEqual([[100, 102]]);
  });

  test('a limit in an auction that prints worse than the limit fills nothing and is cancelled', () => {
    const opening = taken({ timeInForce: 'opening', limitPrice: money(1_010_000) });
    const closing = taken({ timeInForce: 'closing', limitPrice: money(1_050_000) });
    exchange.advance('book', { session: friday, phase: 'closed' });
    expect([opening().ended?.status, closing().ended?.status]).toEqual(['canceled', 'canceled']);
    expect([...opening().fills, ...closing().fills]).toEqual([]);
  });

  test('the open trades at most the participation in the volume of the session before, the day at most in its own', () => {
    // NVDA: 100,000 shares on Thursday and on Friday, so 10,000 in all; Monday has 200,000, so 10,000 at the open of it
    // by Friday's volume and 10,000 more at its close.
    const first = taken({ symbol: 'NVDA', quantity: shares(12_000) });
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(fillsOf(first())).toEqual([[10_000, 53]]);
    exchange.advance('book', { session: friday, phase: 'closed' });
    expect(first().filledQuantity).toBe(10_000);
    expect(first().ended?.status).toBe('expired');
    exchange.advance('book', { session: monday, phase: 'beforeOpen' });
    const second = taken({ symbol: 'NVDA', quantity: shares(11_000) });
    const third = taken({ symbol: 'NVDA', quantity: shares(500), timeInForce: 'closing' });
    exchange.advance('book', { session: monday, phase: 'closed' });
    expect(fillsOf(second())).toEqual([
      [10_000, 40],
      [1_000, 38],
    ]);
    expect(fillsOf(third())).toEqual([[500, 38]]);
  });

  test('an opening order that volume cuts short is cancelled for the rest', () => {
    const order = taken({ symbol: 'NVDA', quantity: shares(10_001), timeInForce: 'opening' });
    exchange.advance('book', { session: friday, phase: 'open' });
    expect(order().filledQuantity).toBe(10_000);
    expect(order().ended?.status).toBe('canceled');
  });

  test('a day order placed after the close lives in the next session', () => {
    exchange.advance('book', { session: friday, phase: 'closed' });
    const order = taken({});
    expect(order().accepted.session).toBe(monday);
    exchange.advance('book', { session: monday, phase: 'open' });
    expect(fillsOf(order())).toEqual([[100, 90]]);
  });

  test('market time that jumps over sessions passes through each of them', () => {
    const order = taken({ timeInForce: 'closing' });
    exchange.advance('book', { session: tuesday, phase: 'open' });
    expect(fillsOf(order())).toEqual([[100, 106]]);
    const account = exchange.account('book');
    expect(account?.phase).toBe('open');
    // Monday's close: a million less 100 at 106, plus 100 at 86.
    expect(account?.lastEquity).toBe(moneyFromDollars(1_000_000 - 10_600 + 8_600));
  });

  test('market time never goes back, staying where it is changes nothing', () => {
    exchange.advance('book', { session: friday, phase: 'closed' });
    expect(exchange.advance('book', { session: friday, phase: 'open' })).toMatchObject({
      kind: 'refused',
      status: 409,
    });
    expect(exchange.advance('book', { session: friday, phase: 'closed' })).toMatchObject({ phase: 'closed' });
    expect(exchange.advance('book', { session: sessionDate('2020-03-15'), phase: 'open' })).toMatchObject({
      status: 422,
    });
    expect(exchange.advance('nobody', { session: friday, phase: 'open' })).toMatchObject({ status: 404 });
  });
});

describe('costs', () => {
  test("a broker's charge is that of the order, also where it trades in parts", () => {
    const schedule = { schedule: 'alpaca', ratesAsOf: '2026-04-06' } as const;
    const opened = openExchange({ rates: { halfSpreadBasisPoints: 0, commissionBasisPoints: 0, ...schedule } });
    const { exchange } = opened;
    exchange.advance('book', { session: friday, phase: 'closed' });
    exchange.submit('book', terms({ clientOrderId: 'parts', symbol: 'NVDA', quantity: shares(15_000) }));
    exchange.advance('book', { session: monday, phase: 'open' });
    exchange.advance('book', { session: monday, phase: 'closed' });
    const account = exchange.account('book')!;
    expect(account.executions.map(({ quantity }) => quantity)).toEqual([10_000, 5_000]);
    // The audit trail's 0.0000265 for each share: 0.265 dollars rounded up to cents, then what 0.3975 adds to it.
    expect(account.executions.map(({ commission }) => commission)).toEqual([2_700, 1_300]);
    expect(account.commissions).toBe(4_000);
    removeExchange(opened);
  });

  test('slippage goes against the order, a limit caps it, commission leaves cash', () => {
    const opened = openExchange({ rates: { halfSpreadBasisPoints: 5, commissionBasisPoints: 1 } });
    const { exchange } = opened;
    exchange.submit('book', terms({ clientOrderId: 'slipped', timeInForce: 'opening' }));
    exchange.submit('book', terms({ clientOrderId: 'capped', timeInForce: 'opening', limitPrice: money(1_020_300) }));
    exchange.advance('book', { session: friday, phase: 'open' });
    const account = exchange.account('book');
    expect(account?.executions.map(({ price }) => price)).toEqual([1_020_510, 1_020_300]);
    expect(account?.commissions).toBe(10_206 + 10_203);
    expect(account?.cash).toBe(10_000_000_000 - 100 * (1_020_510 + 1_020_300) - 10_206 - 10_203);
    exchange.submit('book', terms({ clientOrderId: 'out', side: 'sell', timeInForce: 'closing' }));
    exchange.advance('book', { session: friday, phase: 'closed' });
    expect(account?.executions.at(-1)?.price).toBe(1_059_470);
    removeExchange(opened);
  });
});
