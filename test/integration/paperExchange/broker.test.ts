import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { money, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import { PaperReplayControl } from '#infra/paperExchange/replayControl.ts';
import { friday, monday, tuesday } from './recording.ts';
import { endVenue, intent, openBook, startVenue } from './venue.ts';
import type { Venue } from './venue.ts';

describe('the Alpaca broker against the paper exchange', () => {
  let venue: Venue;
  beforeAll(async () => {
    venue = await startVenue();
  });
  afterAll(async () => endVenue(venue));

  test('a day from the clock before the open to fills, position and equity', async () => {
    const broker = await openBook(venue, 'day');
    expect(await broker.clock()).toEqual({
      marketTimeMs: Date.parse('2020-03-13T13:00:00Z'),
      session: friday,
      phase: 'beforeOpen',
    });
    const answer = await broker.submit(intent('day-1'));
    expect(answer).toMatchObject({ kind: 'accepted', order: { clientOrderId: 'day-1', state: 'acknowledged' } });
    await broker.submit(intent('day-2', { symbol: 'NVDA', timeInForce: 'closing', quantity: shares(10) }));
    await broker.submit(intent('day-3', { kind: { kind: 'limit', limitPrice: money(900_000) }, timeInForce: 'day' }));
    expect((await broker.openOrders()).map(({ clientOrderId }) => clientOrderId)).toEqual(['day-1', 'day-2', 'day-3']);

    await venue.control.advance('day', { session: friday, phase: 'open' });
    expect(await broker.clock()).toMatchObject({ session: friday, phase: 'open' });
    expect(await broker.orderByClientOrderId('day-1')).toMatchObject({ state: 'filled', filledQuantity: 100 });

    expect(await venue.control.advance('day', { session: friday, phase: 'closed' })).toEqual({
      marketTimeMs: Date.parse('2020-03-13T20:00:00Z'),
      session: friday,
      phase: 'closed',
    });
    expect(await broker.clock()).toMatchObject({ session: friday, phase: 'closed' });
    expect(await broker.orderByClientOrderId('day-3')).toMatchObject({ state: 'expired', filledQuantity: 0 });
    expect(await broker.openOrders()).toEqual([]);

    const fills = await broker.fills(friday);
    expect(fills.map(({ clientOrderId, quantity }) => [clientOrderId, quantity])).toEqual([
      ['day-1', 100],
      ['day-2', 10],
    ]);
    expect(new Set(fills.map(({ executionId }) => executionId)).size).toBe(2);
    expect(fills[0]?.marketTimeMs).toBe(Date.parse('2020-03-13T13:30:00Z'));
    const positions = await broker.positions();
    expect(positions.map(({ symbol, quantity, marketPrice }) => [symbol, quantity, marketPrice])).toEqual([
      ['AAPL', 100, 1_060_000],
      ['NVDA', 10, 550_000],
    ]);
    const account = await broker.account();
    const spent = fills.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
    expect(account.cash).toBeLessThanOrEqual(10_000_000_000 - spent);
    expect(account.equity).toBe(account.cash + 100 * 1_060_000 + 10 * 550_000);
    expect(account.lastEquity).toBe(10_000_000_000);

    await venue.control.advance('day', { session: monday, phase: 'beforeOpen' });
    expect((await broker.account()).lastEquity).toBe(account.equity);
    expect(await broker.fills(monday)).toEqual([]);
    expect((await broker.clock()).session).toBe(monday);
    await broker.close();
  });

  test('more fills than a page holds come back once each, oldest first', async () => {
    const broker = await openBook(venue, 'pages');
    const ids = Array.from({ length: 205 }, (_, index) => `pages-${index}`);
    for (const id of ids) await broker.submit(intent(id, { quantity: shares(1) }));
    await venue.control.advance('pages', { session: friday, phase: 'open' });
    expect((await broker.fills(friday)).map(({ clientOrderId }) => clientOrderId)).toEqual(ids);
    await broker.close();
  });

  test('a second submission under one client order id changes nothing and is answered with the first order', async () => {
    const broker = await openBook(venue, 'twice');
    const first = await broker.submit(intent('twice-1'));
    expect(await broker.submit(intent('twice-1'))).toEqual(first);
    await expect(broker.submit(intent('twice-1', { side: 'sell' }))).rejects.toMatchObject({
      code: 'CLIENT_ORDER_ID_TAKEN',
    });
    expect(await broker.openOrders()).toHaveLength(1);
    await broker.close();
  });

  test("the venue's refusals are values with its words, and it is still possible to ask", async () => {
    const broker = await openBook(venue, 'refused');
    expect(await broker.submit(intent('refused-1', { side: 'sell' }))).toEqual({
      kind: 'rejected',
      reason: '40310000: insufficient qty available for order (requested: 100, available: 0)',
    });
    expect(await broker.submit(intent('refused-2', { quantity: shares(1_000_000) }))).toEqual({
      kind: 'rejected',
      reason: '40310000: insufficient buying power',
    });
    expect(await broker.submit(intent('refused-3', { symbol: 'NONE' }))).toMatchObject({ kind: 'rejected' });
    expect(await broker.orderByClientOrderId('refused-1')).toBeUndefined();
    await broker.close();
  });

  test('an answer dropped after the order was taken is lost, and asking finds the one order', async () => {
    const broker = await openBook(venue, 'lost');
    await venue.control.misbehave('lost', { kind: 'dropAnswer', times: 1 });
    await expect(broker.submit(intent('lost-1'))).rejects.toMatchObject({ code: 'BROKER_ANSWER_LOST' });
    expect(await broker.orderByClientOrderId('lost-1')).toMatchObject({ state: 'acknowledged' });
    expect(await venue.control.submissions('lost')).toEqual([{ clientOrderId: 'lost-1', outcome: 'accepted' }]);
    await broker.close();
  });

  test('a 500 before the order was taken is lost too, and asking proves its absence', async () => {
    const broker = await openBook(venue, 'failed');
    await venue.control.misbehave('failed', { kind: 'failBefore', times: 1 });
    await expect(broker.submit(intent('failed-1'))).rejects.toMatchObject({ code: 'BROKER_ANSWER_LOST' });
    expect(await broker.orderByClientOrderId('failed-1')).toBeUndefined();
    expect(await broker.submit(intent('failed-1'))).toMatchObject({ kind: 'accepted' });
    expect(await venue.control.submissions('failed')).toEqual([
      { clientOrderId: 'failed-1', outcome: 50_010_000 },
      { clientOrderId: 'failed-1', outcome: 'accepted' },
    ]);
    await broker.close();
  });

  test('an answer later than the time limit is lost, and was sent once', async () => {
    await openBook(venue, 'late');
    const broker = new AlpacaBroker({
      tradingUrl: venue.exchange.url,
      credentials: venue.exchange.credentialsFor('late'),
      timeoutMs: 400,
    });
    await venue.control.misbehave('late', { kind: 'delay', times: 1, delayMs: 2_000 });
    await expect(broker.submit(intent('late-1'))).rejects.toMatchObject({ code: 'BROKER_ANSWER_LOST' });
    expect(await venue.control.submissions('late')).toEqual([{ clientOrderId: 'late-1', outcome: 'accepted' }]);
    await broker.close();
  });

  test('cancelling ends an order; a done order is left alone; an unknown one is refused', async () => {
    const broker = await openBook(venue, 'cancel');
    const answer = await broker.submit(intent('cancel-1'));
    if (answer.kind === 'rejected') throw new Error(answer.reason);
    await broker.cancel(answer.order.brokerOrderId);
    await broker.cancel(answer.order.brokerOrderId);
    expect(await broker.orderByClientOrderId('cancel-1')).toMatchObject({ state: 'cancelled' });
    await expect(broker.cancel('00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
    });
    await broker.close();
  });

  test('each account has its own key pair, market time and book; a wrong key opens nothing', async () => {
    const one = await openBook(venue, 'one');
    const other = await openBook(venue, 'other');
    await one.submit(intent('same-id'));
    await venue.control.advance('one', { session: tuesday, phase: 'open' });
    expect(await other.clock()).toMatchObject({ session: friday, phase: 'beforeOpen' });
    expect(await other.orderByClientOrderId('same-id')).toBeUndefined();
    const stranger = new AlpacaBroker({
      tradingUrl: venue.exchange.url,
      credentials: { keyId: venue.exchange.credentialsFor('one').keyId, secretKey: 'wrong' },
    });
    await expect(stranger.account()).rejects.toMatchObject({ code: 'BROKER_CREDENTIALS_REFUSED' });
    await Promise.all([one.close(), other.close(), stranger.close()]);
  });

  test('the control interface wants its key, knows its sessions and never turns market time back', async () => {
    expect(await venue.control.sessions()).toEqual([sessionDate('2020-03-12'), friday, monday, tuesday]);
    await openBook(venue, 'clock');
    await venue.control.advance('clock', { session: monday, phase: 'open' });
    await openBook(venue, 'clock');
    expect(await venue.control.advance('clock', { session: monday, phase: 'open' })).toMatchObject({ phase: 'open' });
    await expect(venue.control.advance('clock', { session: friday, phase: 'closed' })).rejects.toMatchObject({
      code: 'REPLAY_REFUSED',
    });
    const thief = new PaperReplayControl({ url: venue.exchange.url, controlKey: 'guess' });
    await expect(thief.sessions()).rejects.toMatchObject({ code: 'REPLAY_REFUSED' });
    const nobody = new PaperReplayControl({ url: 'http://127.0.0.1:9', controlKey: 'guess' });
    await expect(nobody.sessions()).rejects.toMatchObject({ code: 'REPLAY_UNREACHABLE' });
  });
});
