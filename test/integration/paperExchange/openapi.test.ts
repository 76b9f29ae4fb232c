import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { OpenAPIBackend } from 'openapi-backend';
import type { Document } from 'openapi-backend';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { money, shares } from '#domain/money.ts';
import { alpacaOrderStatuses } from '#infra/alpaca/alpacaWire.ts';
import { orderRequestBody } from '#infra/alpaca/orderMapping.ts';
import { friday, monday } from './recording.ts';
import { endVenue, intent, openBook, startVenue } from './venue.ts';
import type { Venue } from './venue.ts';

const specifications = path.resolve(import.meta.dirname, '../../../../shared/vendor/specs/alpaca');
const isPresent = existsSync(path.join(specifications, 'trading-api.json'));
if (!isPresent)
  console.warn("skipped: Alpaca's specification is not beside this checkout (../shared/vendor/specs/alpaca)");

describe.skipIf(!isPresent)("the paper exchange, held against Alpaca's own OpenAPI specification", () => {
  let venue: Venue;
  let trading: OpenAPIBackend;
  let data: OpenAPIBackend;

  beforeAll(async () => {
    venue = await startVenue(undefined, { halfSpreadBasisPoints: 1, commissionBasisPoints: 2 });
    trading = await backend('trading-api.json');
    data = await backend('market-data-api.json');
    const broker = await openBook(venue, 'spec');
    await broker.submit(intent('opening'));
    await broker.submit(intent('limit', { timeInForce: 'day', kind: { kind: 'limit', limitPrice: money(900_000) } }));
    await broker.submit(intent('partial', { symbol: 'NVDA', quantity: shares(10_500), timeInForce: 'day' }));
    const doomed = await broker.submit(intent('cancelled'));
    if (doomed.kind === 'accepted') await broker.cancel(doomed.order.brokerOrderId);
    await venue.control.advance('spec', { session: friday, phase: 'open' });
    await broker.submit(intent('closing', { timeInForce: 'closing', side: 'sell', quantity: shares(40) }));
    await broker.close();
  });
  afterAll(async () => endVenue(venue));

  const reads = [
    ['/v2/account', 'getAccount'],
    ['/v2/clock', 'LegacyClock'],
    ['/v2/calendar?start=2020-03-01&end=2020-03-31', 'LegacyCalendar'],
    ['/v2/positions', 'getAllOpenPositions'],
    ['/v2/orders?status=all&limit=500', 'getAllOrders'],
    ['/v2/orders:by_client_order_id?client_order_id=limit', 'getOrderByClientOrderId'],
    ['/v2/account/activities/FILL?direction=asc', 'getAccountActivitiesByActivityType'],
    ['/v2/account/activities/FEE?direction=asc', 'getAccountActivitiesByActivityType'],
    ['/v2/account/activities?category=non_trade_activity', 'getAccountActivities'],
  ] as const;

  for (const phase of ['open', 'closed', 'beforeOpen'] as const) {
    test(`every answer has the specified shape: ${phase}`, async () => {
      await venue.control.advance('spec', { session: phase === 'beforeOpen' ? monday : friday, phase });
      for (const [address, operation] of reads) {
        const { status, body } = await get(venue, address);
        expect(status).toBe(200);
        expect(problems(trading, body, operation), `${operation}: ${JSON.stringify(body)}`).toEqual([]);
      }
      const latest = await get(venue, '/v2/stocks/trades/latest?symbols=AAPL,NVDA,NONE');
      expect(problems(data, latest.body, 'StockLatestTrades')).toEqual([]);
      expect(Object.keys((latest.body as { readonly trades: object }).trades)).toEqual(['AAPL', 'NVDA']);
    });
  }

  test('the answer to a new order has the specified shape, and the body we send is the specified one', async () => {
    const body = orderRequestBody(
      intent('sent', { timeInForce: 'day', kind: { kind: 'limit', limitPrice: money(500_000) } }),
    );
    const posted = await send(venue, body);
    expect(posted.status).toBe(200);
    expect(problems(trading, posted.body, 'postOrder')).toEqual([]);
    const asked = { method: 'post', path: '/v2/orders', headers: {}, body };
    expect(trading.validateRequest(asked, 'postOrder').errors ?? []).toEqual([]);
    expect(
      trading.validateRequest({ ...asked, body: body.replace('"buy"', '"borrow"') }, 'postOrder').errors,
    ).toHaveLength(1);
  });

  test('a wrong answer would be noticed', async () => {
    const { body } = await get(venue, '/v2/orders?status=all');
    const [order] = body as readonly Readonly<Record<string, unknown>>[];
    expect(problems(trading, [{ ...order, status: 'perhaps' }], 'getAllOrders')).not.toEqual([]);
    expect(problems(trading, [{ ...order, filled_qty: 3 }], 'getAllOrders')).not.toEqual([]);
  });

  test('every status of the specification is mapped, and no other', () => {
    const document = trading.document as unknown as {
      readonly components: { readonly schemas: { readonly OrderStatus: { readonly enum: readonly string[] } } };
    };
    expect([...alpacaOrderStatuses].sort()).toEqual([...document.components.schemas.OrderStatus.enum].sort());
  });
});

const formats: Readonly<Record<string, RegExp | true>> = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  decimal: /^-?\d+(\.\d+)?$/,
  double: true,
  float: true,
  int32: true,
  int64: true,
  uint32: true,
  uint64: true,
};

async function backend(file: string): Promise<OpenAPIBackend> {
  const definition = repaired(JSON.parse(readFileSync(path.join(specifications, file), 'utf8')) as Document);
  const built = new OpenAPIBackend({
    definition,
    quick: true,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: (ajv) => {
      for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
      return ajv;
    },
  });
  await built.init();
  return built;
}

/** Alpaca's activities are `oneOf` two shapes that every fill matches both of; for /FILL only the trading one is meant. */
function repaired(document: Document): Document {
  const text = JSON.stringify(document);
  const ambiguous =
    '"oneOf":[{"$ref":"#/components/schemas/TradingActivities"},{"$ref":"#/components/schemas/NonTradeActivities"}]';
  return JSON.parse(text.replaceAll(ambiguous, '"$ref":"#/components/schemas/TradingActivities"')) as Document;
}

function problems(specification: OpenAPIBackend, body: unknown, operation: string): readonly string[] {
  const { errors } = specification.validateResponse(body, operation);
  return (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

async function get(venue: Venue, address: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await request(`${venue.exchange.url}${address}`, { headers: headers(venue) });
  return { status: response.statusCode, body: await response.body.json() };
}

async function send(venue: Venue, body: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await request(`${venue.exchange.url}/v2/orders`, {
    method: 'POST',
    headers: { ...headers(venue), 'content-type': 'application/json' },
    body,
  });
  return { status: response.statusCode, body: await response.body.json() };
}

function headers(venue: Venue): Readonly<Record<string, string>> {
  const { keyId, secretKey } = venue.exchange.credentialsFor('spec');
  return { 'apca-api-key-id': keyId, 'apca-api-secret-key': secretKey };
}
