import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '#infra/stack/ports.ts';
import { alpacaDialect, alpacaTrade } from '#test/fakes/alpacaDialect.ts';
import { startFakeVendor, type FakeVendor, type VendorDialect } from '#test/fakes/fakeVendor.ts';
import { massiveDialect, massiveTrade } from '#test/fakes/massiveDialect.ts';
import { plimsoll, type Outcome } from '#test/unit/console/commandLine.ts';

const soon = { timeout: 30_000, interval: 20 };
const quick = {
  PLIMSOLL_DATA__FEED__BACK_OFF__BASE_MS: '20',
  PLIMSOLL_DATA__FEED__BACK_OFF__CAP_MS: '100',
  PLIMSOLL_DATA__FEED__GAPS__SETTLE_MS: '50',
  PLIMSOLL_DATA__FEED__GAPS__RETRY_MS: '20',
};

/** A vendor's trade, live and as its history tells it, by the number it was given. */
interface VendorKind {
  readonly name: string;
  readonly symbol: string;
  readonly dialect: VendorDialect;
  readonly environment: Readonly<Record<string, string>>;
  readonly historyAddress: string;
  readonly live: (id: number, atMs: number) => Readonly<Record<string, unknown>>;
  /** What history answers: the trades from and to a time, milliseconds since 1970 UTC. */
  readonly answer: (asked: URL, tradesBetween: (fromMs: number, toMs: number) => readonly Traded[]) => unknown;
}

interface Traded {
  readonly id: number;
  readonly atMs: number;
}

const kinds: readonly VendorKind[] = [
  {
    name: 'alpaca',
    symbol: 'AAPL',
    dialect: alpacaDialect('secret'),
    environment: { APCA_API_KEY_ID: 'key', APCA_API_SECRET_KEY: 'secret' },
    historyAddress: 'PLIMSOLL_DATA__PROVIDERS__ALPACA__DATA_URL',
    live: (id, atMs) => alpacaTrade(id, { atMs }),
    answer: ({ pathname, searchParams }, tradesBetween) => {
      if (pathname !== '/v2/stocks/trades' || searchParams.get('feed') !== 'iex') return undefined;
      const [from, to] = ['start', 'end'].map((name) => Date.parse(searchParams.get(name)!));
      const AAPL = tradesBetween(from!, to!).map(({ id, atMs }) => {
        // Live to the millisecond, in history to the nanosecond.
        const { t, ...trade } = alpacaTrade(id, { atMs });
        return { ...trade, t: String(t).replace('Z', '123456Z') };
      });
      return { trades: { AAPL }, next_page_token: null };
    },
  },
  {
    name: 'massive',
    symbol: 'MSFT',
    dialect: massiveDialect('key'),
    environment: {
      PLIMSOLL_DATA__PROVIDERS__MASSIVE__API_KEY: 'key',
      PLIMSOLL_DATA__PROVIDERS__MASSIVE__REQUESTS_PER_MINUTE: '6000',
    },
    historyAddress: 'PLIMSOLL_DATA__PROVIDERS__MASSIVE__URL',
    live: massiveTrade,
    answer: ({ pathname, searchParams }, tradesBetween) => {
      if (pathname !== '/v3/trades/MSFT') return undefined;
      const [from, to] = ['timestamp.gte', 'timestamp.lt'].map((name) =>
        Number(BigInt(searchParams.get(name)!) / 1_000_000n),
      );
      const results = tradesBetween(from!, to! - 1).map(({ id, atMs }) => {
        const { x, i, p, s, c, q } = massiveTrade(id, atMs);
        return {
          exchange: x,
          id: i,
          price: p,
          size: s,
          conditions: c,
          sequence_number: q,
          sip_timestamp: atMs * 1_000_000,
        };
      });
      return { status: 'OK', results };
    },
  },
];

describe.each(kinds)('a capture of $name whose connection is cut', (kind) => {
  let folder: string;
  let vendor: FakeVendor;
  let history: Server;
  let historyMood: 'answers' | 'fails';
  let traded: Traded[];
  let stop: (signal: 'SIGTERM') => void;
  let capturing: Promise<Outcome>;
  let figuresUrl: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-gap-'));
    vendor = await startFakeVendor(kind.dialect);
    [traded, historyMood] = [[], 'answers'];
    history = createServer((request, response) => {
      const between = (fromMs: number, toMs: number): readonly Traded[] =>
        traded.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
      const answer = kind.answer(new URL(request.url ?? '', 'http://history'), between);
      response.writeHead(historyMood === 'fails' ? 403 : answer === undefined ? 404 : 200);
      response.end(JSON.stringify(answer ?? {}));
    }).listen(0, '127.0.0.1');
    await once(history, 'listening');
    const port = await freePort();
    figuresUrl = `http://127.0.0.1:${port}/metrics`;
    const stopped = new Promise<'SIGTERM'>((resolve) => {
      stop = resolve;
    });
    const environment = {
      ...quick,
      ...kind.environment,
      [kind.historyAddress]: `http://127.0.0.1:${(history.address() as AddressInfo).port}`,
    };
    const line = `data capture --provider ${kind.name} --url ${vendor.url} --symbols ${kind.symbol} --kinds trades --folder ${folder} --metrics-port ${port} --json`;
    capturing = plimsoll(line, { environment, stopped });
  });
  afterEach(async () => {
    stop('SIGTERM');
    await capturing;
    history.closeAllConnections();
    history.close();
    await vendor.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const trade = (id: number, atMs: number): void => {
    traded.push({ id, atMs });
    vendor.publish(kind.live(id, atMs));
  };
  const linesOf = (name: string): readonly string[] =>
    readdirSync(folder).includes(name) ? readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean) : [];
  const capturedIds = (): readonly number[] =>
    linesOf('segment-00000001.jsonl').map((line) => Number((JSON.parse(line) as { tradeId: string }).tradeId));
  const gaps = (): readonly { readonly filled: number; readonly problem: string | null }[] =>
    linesOf('notices.jsonl')
      .map((line) => JSON.parse(line))
      .filter((notice) => notice.kind === 'feedGap');

  /** Trades before, while nobody listens, and after: each with its own second, as the market's time goes on. */
  async function loseSome(): Promise<void> {
    await vi.waitFor(() => expect(vendor.subscribers).toBe(1), soon);
    const beganMs = Date.now();
    for (const id of [1, 2, 3]) trade(id, beganMs + id);
    await vi.waitFor(() => expect(capturedIds()).toEqual([1, 2, 3]), soon);
    for (const id of [4, 5, 6]) traded.push({ id, atMs: beganMs + id });
    vendor.cut();
    await vi.waitFor(() => expect([vendor.connectedAtMs.length, vendor.subscribers]).toEqual([2, 1]), soon);
    for (const id of [7, 8]) trade(id, Date.now() + id);
    await vi.waitFor(() => expect(gaps()).toHaveLength(1), soon);
    await vi.waitFor(() => expect(capturedIds()).toContain(8), soon);
  }

  test('holds what was traded meanwhile, from the vendor’s history, in its place and once', async () => {
    await loseSome();
    expect(capturedIds()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(gaps()).toMatchObject([{ filled: 3, problem: null }]);
    const figures = await (await fetch(figuresUrl)).text();
    expect(figures).toMatch(/plimsoll_feed_incidents_total\{feed="[\w-]+",incident="gapFilled"\} 1/);
    expect(figures).toMatch(/plimsoll_feed_events_total\{feed="[\w-]+",kind="trade"\} 5/);
    stop('SIGTERM');
    const { exitCode, out } = await capturing;
    expect([exitCode, JSON.parse(out)]).toMatchObject([0, { events: 8, late: 0, lost: 0 }]);
    await expect(fetch(figuresUrl)).rejects.toThrow('fetch failed');
  });

  test('says that the gap stays open, and why, where history refuses', async () => {
    historyMood = 'fails';
    await loseSome();
    expect(capturedIds()).toEqual([1, 2, 3, 7, 8]);
    expect(gaps()).toMatchObject([{ filled: 0, problem: expect.stringContaining('status 403') }]);
  });
});
