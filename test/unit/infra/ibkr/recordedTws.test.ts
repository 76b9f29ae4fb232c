import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FeedKind } from '#activities/ports/marketFeed.ts';
import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { isFailure } from '#domain/failure.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { historyPacingRules } from '#infra/ibkr/historyPacing.ts';
import { createIbkrMarketData } from '#infra/ibkr/ibkrMarketData.ts';
import { ibkrStream } from '#infra/ibkr/ibkrStream.ts';
import { connectTws, twsLimits, type TwsConnection, type TwsEnd } from '#infra/ibkr/twsConnection.ts';
import type { TwsEvent } from '#infra/ibkr/twsCodec.ts';
import { TwsLine } from '#infra/ibkr/twsLine.ts';
import { playTranscript, sessionsOf, type TranscriptServer } from '#test/fakes/twsTranscript.ts';
import { apple } from '#test/fakes/twsVendor.ts';
import { hear, type HeardFeed } from '../feeds/feedHarness.ts';

const folder = '../shared/vendor/recordings/ibkr-go/testdata/transcripts';
const isThere = existsSync(folder);
if (!isThere) console.warn(`recorded conversations with TWS are skipped: ${folder} is absent`);
const soon = { timeout: 20_000, interval: 10 };
const quick = { ...twsLimits, messagesPerSecond: 1_000, readyTimeoutMs: 1_500 };

describe.skipIf(!isThere)('recorded conversations with TWS', () => {
  let played: TranscriptServer | undefined;
  let connection: TwsConnection | undefined;
  let provider: MarketDataProvider | undefined;
  let heardFeed: HeardFeed | undefined;
  const play = async (name: string): Promise<{ readonly host: string; readonly port: number }> => {
    played = await playTranscript(`${folder}/${name}.txt`, apple);
    return { host: '127.0.0.1', port: played.server.port };
  };
  const ask = async (name: string): Promise<MarketDataProvider> => {
    const pacing = { ...historyPacingRules, identicalMs: 10 };
    const rules = { connection: { ...quick, readyTimeoutMs: 5_000 }, pacing, attemptsMax: 2, retryWaitMs: 10 };
    provider = createIbkrMarketData({ ...(await play(name)), clientId: 1, rules });
    return provider;
  };
  afterEach(async () => {
    connection?.end('the test is over');
    await provider?.close?.();
    await heardFeed?.feed.close();
    await played?.server.stop();
    [connection, provider, heardFeed, played] = [undefined, undefined, undefined, undefined];
  });

  test('begin as their first lines say: ready with the order id and the accounts, in any order', async () => {
    const [said, recorded]: [unknown[], unknown[]] = [[], []];
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
      const name = file.replace('.txt', '');
      const address = { ...(await play(name)), clientId: 0 };
      const outcome = await new Promise<TwsConnection | TwsEnd>((resolve) => {
        const opened = connectTws(address, quick, {
          ready: () => resolve(opened),
          heard: () => undefined,
          ended: resolve,
        });
      });
      const greeted = sessionsOf(readFileSync(`${folder}/${file}`, 'utf8'))[0]!;
      const payload = (of: string): unknown => greeted.find((line) => line.name === of)?.payload;
      const [id, accounts] = [payload('next_valid_id'), payload('managed_accounts')];
      recorded.push(id && accounts ? { name, id, accounts } : { name, end: 'TWS closed the connection' });
      if ('reason' in outcome) said.push({ name, end: outcome.reason });
      else {
        said.push({ name, id: { order_id: outcome.nextOrderId }, accounts: { accounts: outcome.accounts } });
        outcome.end('heard enough');
      }
      await played!.server.stop();
    }
    expect(said).toEqual(recorded);
    expect(recorded.length).toBeGreaterThan(100);
  }, 60_000);

  test('hold hours of Apple as the gateway told them', async () => {
    const day = sessionDate('2026-04-02');
    const question = { symbols: ['AAPL'], range: { from: day, to: day }, timeframe: '1Hour' } as const;
    const answer = await (await ask('grounded_historical_bars')).historicalBars!(question);
    const hour = (text: string): number => Date.parse(`2026-04-02T${text}:00-04:00`);
    expect(answer.bars[0]).toMatchObject({
      startMs: Float64Array.from(['09:30', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00'], hour),
      open: new Float64Array([254.2, 252.52, 255.4, 254.57, 254.42, 254.58, 255.29]),
      close: new Float64Array([252.53, 255.38, 254.57, 254.42, 254.61, 255.28, 255.89]),
      volume: new Float64Array([2829736, 2797972, 1400669, 983738, 1024324, 1399189, 2938382]),
    });
    expect(played!.problems).toEqual([]);
    expect(played!.requests.map((fields) => fields.slice(15, 21))).toEqual([
      ['20260403-03:59:59', '1 hour', '1 M', '0', 'TRADES', '2'],
    ]);
  });

  test('hold two questions for bars, one after the other', async () => {
    const range = { from: sessionDate('2026-04-09'), to: sessionDate('2026-04-10') };
    const asked = await ask('historical_bars_sequential_108_end');
    const daily = await asked.historicalBars!({ symbols: ['AAPL'], range, timeframe: '1Day' });
    expect(daily.bars[0]).toMatchObject({
      sessions: ['2026-04-09', '2026-04-10'],
      close: new Float64Array([260.49, 260.48]),
    });
    const hourly = await asked.historicalBars!({ symbols: ['AAPL'], range, timeframe: '1Hour' });
    expect(hourly.bars[0]).toMatchObject({ close: new Float64Array([260.1, 260.48]) });
    expect(played!.problems).toEqual([]);
  });

  test('hold what Apple is', async () => {
    const listed = { symbol: 'AAPL', name: 'APPLE INC', exchange: 'NASDAQ', active: true };
    expect(await (await ask('grounded_contract_details_aapl')).instruments!(['AAPL'])).toEqual([listed]);
    expect(played!.problems).toEqual([]);
  });

  test.each([
    ['error_api_error_oneshot', 'ZZZZNONE', 'PROVIDER_REFUSED'],
    ['contract_details', 'AAPL', 'PROVIDER_ANSWER_UNREADABLE'],
  ])('hold a refusal or an answer without an id: %s', async (name, symbol, code) => {
    const asked = await ask(name);
    const error: unknown = await asked.instruments!([symbol]).catch((reason: unknown) => reason);
    expect(isFailure(error) && error.code).toBe(code);
  });

  test.each(['error_disconnect_during_oneshot', 'reconnect_oneshot_interrupted'])(
    'hold a line that is cut in the middle of a question: %s',
    async (name) => {
      const range = { from: sessionDate('2026-04-02'), to: sessionDate('2026-04-02') };
      const answer = (await ask(name)).historicalBars!({ symbols: ['AAPL'], range, timeframe: '1Hour' });
      const error: unknown = await answer.catch((reason: unknown) => reason);
      expect(isFailure(error) && error.code).toBe('PROVIDER_UNREACHABLE');
    },
  );

  test('hold past trades and quotes', async () => {
    const second = { symbol: 'AAPL', fromMs: 1_712_345_678_000, toMs: 1_712_345_679_000 };
    const found = [];
    for await (const page of (await ask('historical_ticks_trades')).trades!(second)) found.push(...page);
    await provider!.close!();
    await played!.server.stop();
    for await (const page of (await ask('historical_ticks_bid_ask')).quotes!(second)) found.push(...page);
    expect(found).toMatchObject([
      { kind: 'trade', price: 170.5, size: 100, exchange: 'ARCA', conditions: ['unknown'], venueMs: second.fromMs },
      { kind: 'quote', bid: 170.4, ask: 170.6, bidSize: 500, askSize: 300, venueMs: second.fromMs },
    ]);
  });

  test('hold a live tick', async () => {
    heardFeed = hear(ibkrStream({ ...(await play('tick_by_tick')), clientId: 1 }), { request: { kinds: ['trades'] } });
    await heardFeed.feed.start();
    await vi.waitFor(() => expect(heardFeed!.ofKind('trade')).toHaveLength(1), soon);
    const tick = { symbol: 'AAPL', price: 189.5, size: 100, exchange: 'NASDAQ', venueMs: 1_712_300_400_000 };
    expect(heardFeed.ofKind('trade')[0]).toMatchObject(tick);
  });

  test('hold a book that is refused', async () => {
    const kinds: readonly FeedKind[] = ['depth'];
    heardFeed = hear(ibkrStream({ ...(await play('market_depth_error')), clientId: 1 }), { request: { kinds } });
    await expect(heardFeed.feed.start()).rejects.toMatchObject({ code: 'FEED_REFUSED' });
  });

  test.each([
    ['quote_stream_gap_1101', ['down', 'restoredEmpty'], 2],
    ['reconnect_1102_resume', ['down', 'restored'], 1],
  ])('tell of the line behind TWS: %s', async (name, changes, requests) => {
    const line = new TwsLine('marketFarms');
    const [seen, prices]: [string[], unknown[]] = [[], []];
    const request = (): void => {
      const contract = { symbol: 'AAPL', exchange: 'SMART', currency: 'USD' };
      const id = connection!.nextRequestId();
      connection!.send((encoder) => encoder.reqMktData(id, contract, '', false, false));
    };
    const take = (event: TwsEvent): void => {
      if (event.kind === 'answer' && event.name === 'tickPrice') prices.push(event.args[2]);
      const change = event.kind === 'notice' ? line.take(event) : undefined;
      if (change) seen.push(change.now);
      if (change?.now === 'restoredEmpty') request();
    };
    connection = connectTws({ ...(await play(name)), clientId: 1 }, quick, {
      ready: request,
      heard: (events) => events.forEach(take),
      ended: () => undefined,
    });
    await vi.waitFor(() => expect(prices).toHaveLength(2), soon);
    expect(seen).toEqual(changes);
    expect(played!.requests).toHaveLength(requests);
    expect(played!.problems).toEqual([]);
  });
});
