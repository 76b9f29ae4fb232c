import { describe, expect, test } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { createIbkrMarketData } from '#infra/ibkr/ibkrMarketData.ts';
import { twsMessages } from '#test/fakes/twsMessages.ts';
import { startTwsVendor, type TwsAsked, type TwsRequestKind, type TwsTrick } from '#test/fakes/twsVendor.ts';
import { failureCode } from '../failureCode.ts';
import { dailyBars, noonMs, printsOf, quick, range, useHistoryDesk } from './ibkrHistory.ts';

describe("Interactive Brokers' history, from a TWS that misbehaves", () => {
  const desk = useHistoryDesk();
  /** Does something to the first request of a kind, then answers. */
  const once = (kind: TwsRequestKind, trick: (...given: Parameters<TwsTrick>) => void): void => {
    let left = 1;
    desk.vendor.trick = (asked, peer) => {
      if (asked.kind !== kind || left === 0) return undefined;
      left -= 1;
      trick(asked, peer);
      return 'handled';
    };
  };
  const always = (kind: TwsRequestKind, trick: (...given: Parameters<TwsTrick>) => void): void => {
    desk.vendor.trick = (asked, peer) => {
      if (asked.kind !== kind) return undefined;
      trick(asked, peer);
      return 'handled';
    };
  };
  const refuse =
    (code: number, text: string) =>
    (...[{ requestId }, peer]: Parameters<TwsTrick>): void =>
      peer.send(...twsMessages.error(requestId, code, text));

  test('waits after a pacing violation, and asks the same again no sooner than the vendor allows', async () => {
    once('bars', refuse(162, 'Historical Market Data Service error message:Historical data request pacing violation'));
    expect(await desk.daily()).toMatchObject({ withoutBars: [] });
    const [first, second] = desk.askedOf('bars') as [TwsAsked, TwsAsked];
    expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(260);
  });

  test.each([
    { code: 162, text: 'request pacing violation', failure: 'PROVIDER_RATE_LIMITED', attempts: 3 },
    { code: 366, text: 'No historical data query found', failure: 'PROVIDER_UNREACHABLE', attempts: 3 },
    { code: 162, text: 'No market data permissions for ISLAND', failure: 'PROVIDER_CREDENTIALS_REFUSED', attempts: 1 },
    { code: 354, text: 'Market data is not subscribed.', failure: 'PROVIDER_CREDENTIALS_REFUSED', attempts: 1 },
    { code: 321, text: 'Error validating request', failure: 'PROVIDER_REFUSED', attempts: 1 },
  ])('fails with $failure for $code $text, after $attempts attempts', async ({ code, text, failure, attempts }) => {
    always('bars', refuse(code, text));
    expect(await failureCode(desk.daily())).toBe(failure);
    expect(desk.askedOf('bars')).toHaveLength(attempts);
  });

  test('heeds no warning that comes with the number of a request', async () => {
    desk.vendor.trick = ({ kind, requestId }, peer) => {
      if (kind === 'bars') peer.send(...twsMessages.error(requestId, 2176, 'fractional shares are rounded'));
      return undefined;
    };
    expect(await desk.daily()).toMatchObject({ withoutBars: [] });
  });

  test.each<readonly [string, (...given: Parameters<TwsTrick>) => void]>([
    ['cut', (_, peer) => peer.cut()],
    ['closed by half', (_, peer) => peer.closeHalf()],
    ['frozen', (_, peer) => peer.freeze()],
    ['lost between TWS and the vendor', (_, peer) => peer.send(...twsMessages.error(-1, 1101, 'restored, data lost'))],
    ['filled with garbage', (_, peer) => peer.sendBytes(Buffer.from([0xff, 0xff, 0xff, 0xfc, 1, 2, 3]))],
  ])('asks again on a line that was %s', async (_, trick) => {
    once('bars', trick);
    expect(await desk.daily()).toMatchObject({ withoutBars: [], bars: [{ symbol: 'AAPL' }] });
    expect(desk.askedOf('bars')).toHaveLength(2);
  });

  test('asks history while the farm of live data is down', async () => {
    desk.vendor.trick = ({ kind }, peer) => {
      if (kind === 'bars') peer.send(...twsMessages.error(-1, 2103, 'Market data farm connection is broken:usfarm'));
      return undefined;
    };
    expect(await desk.daily()).toMatchObject({ withoutBars: [] });
    expect(desk.askedOf('bars')).toHaveLength(1);
  });

  test('withdraws a question that stalls, and asks it again', async () => {
    once('bars', () => undefined);
    const answer = await desk.open({ attemptTimeoutMs: 300 }).historicalBars!({
      symbols: ['AAPL'],
      range,
      timeframe: '1Day',
    });
    expect(answer).toMatchObject({ withoutBars: [] });
    const [first] = desk.askedOf('bars') as [TwsAsked];
    expect(desk.askedOf('cancelBars').map(({ requestId }) => requestId)).toEqual([first.requestId]);
  });

  test.each<readonly [string, (requestId: string) => Buffer | readonly (string | number)[]]>([
    ['whose fields end too soon', (id) => [17, id, '', '', 3, '20260402', 1]],
    ['with fields left over', (id) => [...twsMessages.bars(id, dailyBars), 'more']],
    ['of no kind', (id) => [999, id]],
    ['without the end of its last field', () => Buffer.from([0, 0, 0, 2, 0x31, 0x37])],
    ['with a price that is no number', (id) => twsMessages.bars(id, [['20260402', 'x', 1, 1, 1, 1, 1, 1]])],
    ['with a time in an unknown zone', (id) => twsMessages.bars(id, [['20260402 09:30:00 MET', 1, 1, 1, 1, 1, 1, 1]])],
    ['with another answer', (id) => twsMessages.historicalTrades(id, [], 1)],
  ])('keeps nothing of a message %s', async (_, message) => {
    once('bars', ({ requestId }, peer) => {
      const given = message(requestId);
      if (Buffer.isBuffer(given)) peer.sendBytes(given);
      else peer.send(...given);
    });
    expect(await failureCode(desk.daily())).toBe('PROVIDER_ANSWER_UNREADABLE');
  });

  test('takes no tick of a price that nobody pays, and none that goes back in time', async () => {
    const read = async (): Promise<void> => {
      for await (const page of desk.open().trades!({ symbol: 'AAPL', fromMs: noonMs, toMs: noonMs + 9_000 })) void page;
    };
    desk.vendor.prints = [{ time: noonMs / 1_000, price: 0, size: 1 }];
    expect(await failureCode(read())).toBe('PROVIDER_ANSWER_UNREADABLE');
    desk.vendor.prints = printsOf([3, 2]);
    expect(await failureCode(read())).toBe('PROVIDER_ANSWER_UNREADABLE');
  });

  test('waits for a TWS that greets and says no more only so long', async () => {
    desk.vendor.greet = () => undefined;
    const connection = { ...quick.connection, readyTimeoutMs: 150 };
    const asked = desk.open({ connection }).instruments!(['AAPL']);
    await expect(asked).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
    await expect(asked).rejects.toThrow('TWS did not become ready in time; attempt 3');
  });

  test('tells a client id that another connection has', async () => {
    desk.vendor.greet = (peer) => {
      peer.send(...twsMessages.error(-1, 326, 'Unable to connect as the client id is already in use.'));
      peer.cut();
    };
    expect(await failureCode(desk.daily())).toBe('TWS_CLIENT_ID_TAKEN');
  });

  test.each([157, 208, Number.NaN])('refuses server version %s', async (version) => {
    const other = await startTwsVendor({ version });
    try {
      const address = { host: '127.0.0.1', port: other.server.port, clientId: 7 };
      const provider = createIbkrMarketData({ ...address, rules: quick });
      expect(await failureCode(provider.instruments!(['AAPL']))).toBe('TWS_VERSION_UNSUPPORTED');
    } finally {
      await other.server.stop();
    }
  });

  test('tells when nothing listens, and ends what is under way when it is closed', async () => {
    const stalled = desk.daily();
    always('bars', () => void desk.provider.close!());
    expect(await failureCode(stalled)).toBe('PROVIDER_UNREACHABLE');
    const gone = createIbkrMarketData({ host: '127.0.0.1', port: 1, clientId: 7, rules: quick });
    expect(await failureCode(gone.instruments!(['AAPL']))).toBe('PROVIDER_UNREACHABLE');
  });

  test('never has more than ten questions under way', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    always('bars', ({ requestId }, peer) => {
      waiting.push(() => peer.send(...twsMessages.bars(requestId, [])));
      most = Math.max(most, waiting.length);
      setTimeout(() => waiting.shift()!(), 100);
    });
    const year = { from: sessionDate('2026-03-02'), to: sessionDate('2026-03-27') };
    const rules = { pacing: { ...quick.pacing, burstMs: 1, burstMax: 1_000 } };
    await desk.open(rules).historicalBars!({ symbols: ['AAPL'], range: year, timeframe: '1Min' });
    expect([desk.askedOf('bars').length, most]).toEqual([20, 10]);
  });
});
