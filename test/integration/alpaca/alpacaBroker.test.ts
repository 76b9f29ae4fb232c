import { afterEach, describe, expect, test } from 'vitest';
import { shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { AlpacaBroker } from '#infra/alpaca/alpacaBroker.ts';
import type { AlpacaBrokerOptions } from '#infra/alpaca/alpacaBroker.ts';
import { startScriptedVenue } from './scriptedVenue.ts';
import type { ScriptedAnswer, ScriptedVenue } from './scriptedVenue.ts';

const account = { cash: '100000.12', equity: '123456.78905', last_equity: '120000' };
const order = {
  id: '904837e3-3b76-47ec-b432-046db621571b',
  client_order_id: 'book-1',
  symbol: 'AAPL',
  side: 'buy',
  qty: '100',
  filled_qty: '0',
  status: 'accepted',
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

let venue: ScriptedVenue | undefined;
let broker: AlpacaBroker | undefined;

async function brokerFacing(
  script: readonly ScriptedAnswer[],
  options: Partial<AlpacaBrokerOptions> = {},
): Promise<{ readonly broker: AlpacaBroker; readonly venue: ScriptedVenue }> {
  venue = await startScriptedVenue(script);
  const credentials = { keyId: 'key', secretKey: 'secret' };
  broker = new AlpacaBroker({ tradingUrl: venue.url, credentials, timeoutMs: 300, retryWaitMs: 5, ...options });
  return { broker, venue };
}

afterEach(async () => {
  await venue?.stop();
  await broker?.close();
  venue = undefined;
  broker = undefined;
});

describe('reading', () => {
  test('is repeated after 429, 5xx, a cut connection and silence, until an answer comes', async () => {
    const script: readonly ScriptedAnswer[] = [
      { status: 429 },
      { status: 503 },
      'reset',
      'silence',
      { status: 200, body: account },
    ];
    const facing = await brokerFacing(script, { readAttemptsMax: 5 });
    expect(await facing.broker.account()).toEqual({
      cash: 1_000_001_200,
      equity: 1_234_567_891,
      lastEquity: 1_200_000_000,
    });
    expect(facing.venue.requests).toEqual(Array.from({ length: 5 }, () => 'GET /v2/account'));
  });

  test('waits as long as Retry-After says', async () => {
    const facing = await brokerFacing([
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 200, body: account },
    ]);
    await facing.broker.account();
    const [first = 0, second = 0] = facing.venue.arrivedAtMs;
    expect(second - first).toBeGreaterThanOrEqual(995);
  });

  test('ends as unreachable after the last attempt, and at once when nobody listens and one attempt is allowed', async () => {
    const facing = await brokerFacing([{ status: 500 }], { readAttemptsMax: 3 });
    await expect(facing.broker.account()).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      details: { attempts: 3 },
    });
    expect(facing.venue.requests).toHaveLength(3);
    const nobody = new AlpacaBroker({
      tradingUrl: 'http://127.0.0.1:9',
      credentials: { keyId: 'key', secretKey: 'secret' },
      readAttemptsMax: 1,
    });
    await expect(nobody.account()).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    await nobody.close();
  });

  test('is not repeated after a refusal, which is named for what it is', async () => {
    const unauthorised = await brokerFacing([{ status: 403, body: { message: 'forbidden.' } }]);
    await expect(unauthorised.broker.account()).rejects.toMatchObject({ code: 'BROKER_CREDENTIALS_REFUSED' });
    expect(unauthorised.venue.requests).toHaveLength(1);
    await venue?.stop();
    const refused = await brokerFacing([{ status: 404, body: { code: 40_410_000, message: 'endpoint not found' } }]);
    await expect(refused.broker.account()).rejects.toThrow('40410000: endpoint not found');
    await expect(refused.broker.account()).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
  });

  test('of what the specification does not allow, or integers cannot hold, is unreadable', async () => {
    const bodies = ['<html>', { ...account, cash: 12 }, { ...account, cash: '1e9' }, { ...account, cash: undefined }];
    for (const body of bodies) {
      const facing = await brokerFacing([{ status: 200, body }]);
      await expect(facing.broker.account()).rejects.toMatchObject({ code: 'BROKER_ANSWER_UNREADABLE' });
      await venue?.stop();
    }
    const facing = await brokerFacing([{ status: 200, body: [{ ...order, status: 'perhaps' }] }]);
    await expect(facing.broker.openOrders()).rejects.toMatchObject({ code: 'BROKER_ANSWER_UNREADABLE' });
  });

  test('stops when it is aborted, instead of trying on', async () => {
    const aborting = new AbortController();
    const facing = await brokerFacing([{ status: 500 }], {
      signal: aborting.signal,
      retryWaitMs: 60_000,
      readAttemptsMax: 9,
    });
    const reading = facing.broker.account();
    setTimeout(() => aborting.abort(), 50);
    await expect(reading).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(facing.venue.requests.length).toBeLessThanOrEqual(2);
  });
});

describe('submitting', () => {
  test.each<[string, ScriptedAnswer]>([
    ['500', { status: 500 }],
    ['502', { status: 502, body: '<html>' }],
    ['504', { status: 504 }],
    ['408 of a machine in between', { status: 408 }],
    ['a redirect', { status: 307, headers: { location: '/elsewhere' } }],
    ['a cut connection', 'reset'],
    ['silence', 'silence'],
    ['200 without an order', { status: 200, body: '' }],
    ["200 with another order's id", { status: 200, body: { ...order, client_order_id: 'book-2' } }],
  ])('after %s the answer is lost, and the order was sent exactly once', async (_name, answer) => {
    const facing = await brokerFacing([answer]);
    await expect(facing.broker.submit(intent)).rejects.toMatchObject({
      code: 'BROKER_ANSWER_LOST',
      details: { clientOrderId: 'book-1' },
    });
    expect(facing.venue.requests).toEqual(['POST /v2/orders']);
  });

  test.each([401, 403, 422, 429])('a definite refusal is a value: %i', async (status) => {
    const facing = await brokerFacing([{ status, body: { code: 40_310_000, message: 'insufficient buying power' } }]);
    expect(await facing.broker.submit(intent)).toEqual({
      kind: 'rejected',
      reason: '40310000: insufficient buying power',
    });
    expect(facing.venue.requests).toHaveLength(1);
  });

  test('a duplicate client order id is looked up; when the venue shows no such order the answer is lost', async () => {
    const duplicate = { status: 422, body: { code: 40_010_001, message: 'client_order_id must be unique' } };
    const facing = await brokerFacing([
      duplicate,
      { status: 404, body: { code: 40_410_000, message: 'order not found' } },
    ]);
    await expect(facing.broker.submit(intent)).rejects.toMatchObject({ code: 'BROKER_ANSWER_LOST' });
    await venue?.stop();
    const found = await brokerFacing([
      duplicate,
      { status: 200, body: { ...order, status: 'filled', filled_qty: '100' } },
    ]);
    expect(await found.broker.submit(intent)).toMatchObject({ kind: 'accepted', order: { state: 'filled' } });
    expect(found.venue.requests).toEqual([
      'POST /v2/orders',
      'GET /v2/orders:by_client_order_id?client_order_id=book-1',
    ]);
  });
});

describe('cancelling', () => {
  test('is sent once; an order past cancelling is left alone, no answer is unreachable', async () => {
    const done = await brokerFacing([{ status: 422, body: { code: 42_210_000, message: 'order is not cancelable' } }]);
    await done.broker.cancel(order.id);
    await venue?.stop();
    const silent = await brokerFacing(['reset']);
    await expect(silent.broker.cancel(order.id)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(silent.venue.requests).toEqual([`DELETE /v2/orders/${order.id}`]);
  });
});

describe('the clock', () => {
  const clock = (timestamp: string, isOpen: boolean, nextOpen: string): ScriptedAnswer => ({
    status: 200,
    body: { timestamp, is_open: isOpen, next_open: nextOpen, next_close: nextOpen },
  });

  test('on a weekend stands at the close of the last session of the calendar', async () => {
    const saturday = clock('2020-03-14T12:00:00-04:00', false, '2020-03-16T09:30:00-04:00');
    const days = { status: 200, body: [{ date: '2020-03-12' }, { date: '2020-03-13' }] };
    const facing = await brokerFacing([saturday, days]);
    expect(await facing.broker.clock()).toMatchObject({ session: '2020-03-13', phase: 'closed' });
    expect(facing.venue.requests[1]).toBe('GET /v2/calendar?start=2020-02-29&end=2020-03-14');
  });

  test('late in the evening still names the day in New York, though UTC has the next', async () => {
    const evening = clock('2020-03-12T21:30:00-04:00', false, '2020-03-13T09:30:00-04:00');
    const facing = await brokerFacing([evening, { status: 200, body: [{ date: '2020-03-12' }] }]);
    expect(await facing.broker.clock()).toMatchObject({ session: '2020-03-12', phase: 'closed' });
  });

  test('before the open and during the session names today', async () => {
    const early = await brokerFacing([clock('2020-03-13T04:00:00-04:00', false, '2020-03-13T09:30:00-04:00')]);
    expect(await early.broker.clock()).toMatchObject({ session: '2020-03-13', phase: 'beforeOpen' });
    await venue?.stop();
    const open = await brokerFacing([clock('2020-03-13T12:00:00-04:00', true, '2020-03-16T09:30:00-04:00')]);
    expect(await open.broker.clock()).toMatchObject({ session: '2020-03-13', phase: 'open' });
  });
});

describe('open orders and fills', () => {
  test('more than a page of open orders is read to its end', async () => {
    const page = Array.from({ length: 500 }, (_, index) => ({
      ...order,
      id: `id-${index}`,
      client_order_id: `book-${index}`,
    }));
    const facing = await brokerFacing([
      { status: 200, body: page },
      { status: 200, body: [order] },
    ]);
    expect(await facing.broker.openOrders()).toHaveLength(501);
    expect(facing.venue.requests[1]).toBe('GET /v2/orders?status=open&direction=asc&limit=500&after_order_id=id-499');
  });

  test('a venue whose list never ends is found out', async () => {
    const page = Array.from({ length: 500 }, (_, index) => ({ ...order, id: `id-${index}` }));
    const facing = await brokerFacing([{ status: 200, body: page }]);
    await expect(facing.broker.openOrders()).rejects.toMatchObject({ code: 'BROKER_ANSWER_UNREADABLE' });
  });

  test('a price finer than ten-thousandths is never rounded into a fill', async () => {
    const fill = {
      id: '20200313133000000::a',
      order_id: order.id,
      symbol: 'AAPL',
      side: 'buy',
      qty: '100',
      price: '102.00005',
      transaction_time: '2020-03-13T13:30:00.123456Z',
    };
    const facing = await brokerFacing([
      { status: 200, body: [fill] },
      { status: 200, body: [] },
      { status: 200, body: order },
    ]);
    await expect(facing.broker.fills(intent.session)).rejects.toMatchObject({ code: 'BROKER_ANSWER_UNREADABLE' });
  });

  test('a short position is negative, whichever way the venue signs its quantity', async () => {
    const short = { symbol: 'AAPL', side: 'short', avg_entry_price: '174.78005', current_price: '174.29' };
    const facing = await brokerFacing([
      {
        status: 200,
        body: [
          { ...short, qty: '-5' },
          { ...short, qty: '5' },
        ],
      },
    ]);
    expect((await facing.broker.positions()).map(({ quantity, averagePrice }) => [quantity, averagePrice])).toEqual([
      [-5, 1_747_801],
      [-5, 1_747_801],
    ]);
  });

  test('last prices are exact where the venue sends JSON numbers, and the feed is passed on', async () => {
    const trades = {
      AAPL: { p: 172.78, t: '2022-08-17T09:50:43Z' },
      NVDA: { p: 0.1 + 0.2, t: '2022-08-17T09:50:43Z' },
    };
    const facing = await brokerFacing([{ status: 200, body: { trades } }], { dataFeed: 'iex' });
    const marketTimeMs = Date.parse('2022-08-17T09:50:43Z');
    expect(await facing.broker.lastTrades(['AAPL', 'NVDA', 'NONE'])).toEqual({
      AAPL: { price: 1_727_800, marketTimeMs },
      NVDA: { price: 3_000, marketTimeMs },
    });
    expect(facing.venue.requests).toEqual(['GET /v2/stocks/trades/latest?symbols=AAPL%2CNVDA%2CNONE&feed=iex']);
    expect(await facing.broker.lastTrades([])).toEqual({});
  });
});
