import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultCostRates } from '#domain/costs.ts';
import { paperExchangeApplication } from '#infra/paperExchange/application.ts';
import { paperCredentials } from '#infra/paperExchange/credentials.ts';
import { PaperExchange } from '#infra/paperExchange/exchange.ts';
import { compareMarketTimes, marketPhases } from '#infra/paperExchange/marketTime.ts';
import type { MarketTime } from '#infra/paperExchange/marketTime.ts';
import { parseRecordedBars } from '#infra/paperExchange/recordedBars.ts';

const controlKey = 'control-key-of-this-test';
const sessions = ['2020-03-12', '2020-03-13', '2020-03-16', '2020-03-17'] as const;
const symbols = ['AAPL', 'NVDA'] as const;

interface Bar {
  readonly open: number;
  readonly close: number;
  readonly spread: number;
  readonly volume: number;
}

const bar: fc.Arbitrary<Bar> = fc.record({
  open: fc.integer({ min: 60, max: 140 }),
  close: fc.integer({ min: 60, max: 140 }),
  spread: fc.integer({ min: 0, max: 30 }),
  volume: fc.integer({ min: 0, max: 50_000 }),
});
const recording = fc.array(bar, { minLength: 8, maxLength: 8 });
const time = fc.record({ session: fc.constantFrom(...sessions.slice(1)), phase: fc.constantFrom(...marketPhases) });
const order = fc.record({
  symbol: fc.constantFrom(...symbols),
  qty: fc.integer({ min: 1, max: 9_000 }).map(String),
  side: fc.constantFrom('buy', 'buy', 'sell'),
  time_in_force: fc.constantFrom('day', 'opg', 'cls'),
  limit: fc.option(fc.integer({ min: 60, max: 140 }), { nil: undefined }),
});

describe('what an account can learn before its market time', () => {
  test('is nothing: two recordings alike up to then answer alike on every endpoint', async () => {
    const courses = fc.record({
      one: recording,
      other: recording,
      until: time,
      orders: fc.array(order, { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(courses, async ({ one, other, orders, ...rest }) => {
        const until = rest.until as MarketTime;
        const seen = await courseOf(one, until, orders);
        const alike = await courseOf(spliced(one, other, until), until, orders);
        expect(alike).toEqual(seen);
      }),
      { numRuns: 40 },
    );
  });

  test('and the comparison would notice: recordings that differ before then answer differently', async () => {
    const flat: readonly Bar[] = Array.from({ length: 8 }, () => ({ open: 100, close: 100, spread: 1, volume: 1_000 }));
    const changed = flat.map((one, index) => (index === 2 ? { ...one, open: 101 } : one));
    const until = { session: sessions[1], phase: 'open' } as unknown as MarketTime;
    expect(await courseOf(changed, until, [])).not.toEqual(await courseOf(flat, until, []));
  });
});

/** The first recording as far as it is known at a market time, the second from there. */
function spliced(known: readonly Bar[], unknown: readonly Bar[], until: MarketTime): readonly Bar[] {
  return known.map((past, index) => {
    const future = unknown[index] as Bar;
    const session = sessions[Math.floor(index / symbols.length)] as MarketTime['session'];
    if (compareMarketTimes({ session, phase: 'closed' }, until) <= 0) return past;
    return compareMarketTimes({ session, phase: 'open' }, until) <= 0 ? { ...future, open: past.open } : future;
  });
}

function csv(bars: readonly Bar[]): string {
  const rows = bars.map(({ open, close, spread, volume }, index) => {
    const symbol = symbols[index % symbols.length];
    const session = sessions[Math.floor(index / symbols.length)];
    return [
      symbol,
      session,
      open,
      Math.max(open, close) + spread,
      Math.min(open, close) - spread,
      close,
      volume,
      close,
    ].join(',');
  });
  return ['symbol,date,open,high,low,close,volume,adjusted', ...rows].join('\n');
}

/** Everything the interface says on the way to a market time, orders placed in each phase, identities numbered. */
async function courseOf(
  bars: readonly Bar[],
  until: MarketTime,
  orders: readonly { readonly limit: number | undefined; readonly [member: string]: unknown }[],
): Promise<readonly unknown[]> {
  const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-foresight-'));
  const exchange = new PaperExchange({
    journalPath: path.join(home, 'journal.jsonl'),
    bars: parseRecordedBars(csv(bars)),
    rules: { participationFraction: 0.1, rates: defaultCostRates },
    buyingPowerMultiple: 2,
  });
  const server = paperExchangeApplication(exchange, controlKey);
  const seen: unknown[] = [];
  const control = { authorization: `Bearer ${controlKey}` };
  const opening = { account: 'book', cash: 10_000_000_000, firstSession: sessions[1] };
  await server.inject({ method: 'POST', url: '/replay/accounts', headers: control, payload: opening });
  for (const session of sessions.slice(1)) {
    for (const phase of marketPhases) {
      if (compareMarketTimes({ session, phase } as MarketTime, until) > 0) continue;
      const url = '/replay/accounts/book/advance';
      seen.push((await server.inject({ method: 'POST', url, headers: control, payload: { session, phase } })).body);
      seen.push(...(await place(server, orders, `${session}-${phase}`)), ...(await readAll(server)));
    }
  }
  await server.close();
  exchange.close();
  rmSync(home, { recursive: true });
  return numbered(seen);
}

async function place(
  server: FastifyInstance,
  orders: readonly { readonly limit: number | undefined; readonly [member: string]: unknown }[],
  prefix: string,
): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const [index, { limit, ...terms }] of orders.entries()) {
    const priced = limit === undefined ? { type: 'market' } : { type: 'limit', limit_price: String(limit) };
    const payload = { ...terms, ...priced, client_order_id: `${prefix}-${index}` };
    const answer = await server.inject({ method: 'POST', url: '/v2/orders', headers: keys(), payload });
    answers.push([answer.statusCode, answer.body]);
  }
  return answers;
}

async function readAll(server: FastifyInstance): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const url of [
    '/v2/account',
    '/v2/clock',
    '/v2/calendar',
    '/v2/positions',
    '/v2/orders?status=all&limit=500',
    '/v2/account/activities/FILL',
    '/v2/stocks/trades/latest?symbols=AAPL,NVDA',
  ]) {
    const answer = await server.inject({ url, headers: keys() });
    expect(answer.statusCode).toBe(200);
    answers.push([url, answer.body]);
  }
  return answers;
}

function keys(): Readonly<Record<string, string>> {
  const { keyId, secretKey } = paperCredentials(controlKey, 'book');
  return { 'apca-api-key-id': keyId, 'apca-api-secret-key': secretKey };
}

/** The same answers with every random identity replaced by the number of its first appearance. */
function numbered(answers: readonly unknown[]): readonly unknown[] {
  const numbers = new Map<string, number>();
  const text = JSON.stringify(answers)
    .replaceAll(/PA[0-9A-F]{8}/g, 'PA')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      numbers.set(id, numbers.get(id) ?? numbers.size);
      return `#${String(numbers.get(id))}`;
    });
  return JSON.parse(text) as readonly unknown[];
}
