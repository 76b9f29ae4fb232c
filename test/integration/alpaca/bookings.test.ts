import { describe, expect, test } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import { startScriptedVenue } from './scriptedVenue.ts';

const session = sessionDate('2020-03-13');

describe('what Alpaca books', () => {
  test('a commission goes to its execution, every other booking is an adjustment', async () => {
    const booked = { date: '2020-03-13', status: 'executed' };
    const executed = {
      id: '20200313133000000::a',
      order_id: 'order-1',
      symbol: 'AAPL',
      side: 'buy',
      qty: '100',
      price: '102',
      transaction_time: '2020-03-13T13:30:00.123456Z',
    };
    const commission = { ...booked, activity_type: 'FEE', activity_sub_type: 'COM', group_id: executed.id };
    const bookings = [
      { ...commission, id: 'c-1', net_amount: '-1.25' },
      { ...commission, id: 'c-2', net_amount: '-0.0001' },
      { ...booked, id: 'f', activity_type: 'FEE', activity_sub_type: 'TAF', net_amount: '-0.02' },
      { ...booked, id: 'd', activity_type: 'DIV', symbol: 'T', qty: '2', net_amount: '1.02', per_share_amount: '0.51' },
      { ...booked, id: 's', activity_type: 'SPLIT', symbol: 'AAPL', qty: '-90', net_amount: '3.5' },
      { ...booked, id: 'w', activity_type: 'CSW', net_amount: '-1000' },
      { ...booked, id: 'x', activity_type: 'DIV', symbol: 'T', net_amount: '9', status: 'canceled' },
    ];
    const lists = [
      { status: 200, body: [executed] },
      { status: 200, body: bookings },
    ];
    const order = {
      id: 'order-1',
      client_order_id: 'book-1',
      symbol: 'AAPL',
      side: 'buy',
      qty: '100',
      filled_qty: '100',
    };
    const filled = { ...order, status: 'filled', submitted_at: '2020-03-13T13:00:00Z' };
    const venue = await startScriptedVenue([...lists, { status: 200, body: filled }, ...lists]);
    const broker = new AlpacaBroker({ tradingUrl: venue.url, credentials: { keyId: 'key', secretKey: 'secret' } });
    const [fill] = await broker.fills(session);
    expect(fill).toMatchObject({ executionId: executed.id, commission: 12_501 });
    const about = { session };
    expect(await broker.adjustments(session)).toEqual([
      { ...about, adjustmentId: 'f', kind: 'fee', cash: -200, shares: 0 },
      { ...about, adjustmentId: 'd', kind: 'dividend', symbol: 'T', cash: 10_200, shares: 0 },
      { ...about, adjustmentId: 's', kind: 'split', symbol: 'AAPL', cash: 35_000, shares: -90 },
      { ...about, adjustmentId: 'w', kind: 'transfer', cash: -10_000_000, shares: 0 },
      { ...about, adjustmentId: 'x', kind: 'dividend', symbol: 'T', cash: 0, shares: 0 },
    ]);
    expect(venue.requests[1]).toBe(
      'GET /v2/account/activities?category=non_trade_activity&date=2020-03-13&direction=asc&page_size=100',
    );
    await broker.close();
    await venue.stop();
  });
});
