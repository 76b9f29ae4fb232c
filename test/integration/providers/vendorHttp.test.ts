import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { pagesOf } from '#infra/http/pages.ts';
import { ask } from '#infra/http/vendorAnswer.ts';
import { VendorHttp } from '#infra/http/vendorHttp.ts';
import type { VendorHttpOptions } from '#infra/http/vendorHttp.ts';
import { startScriptedVenue } from '../alpaca/scriptedVenue.ts';
import type { ScriptedAnswer, ScriptedVenue } from '../alpaca/scriptedVenue.ts';

let venue: ScriptedVenue | undefined;
let http: VendorHttp | undefined;
afterEach(async () => {
  await venue?.stop();
  await http?.close();
});

const quick = {
  attemptTimeoutMs: 1_000,
  retryWaitMs: 5,
  attemptsMax: 3,
  totalTimeoutMs: 20_000,
  bodyBytesMax: 1_000_000,
};

async function facing(script: readonly ScriptedAnswer[], options: Partial<VendorHttpOptions> = {}) {
  venue = await startScriptedVenue(script);
  http = new VendorHttp({
    provider: 'vendor',
    headers: { 'x-key': 'hidden' },
    allowance: { requestsPerMinute: 60_000, burst: 100 },
    limits: quick,
    ...options,
  });
  return { http, venue, url: new URL('/v1/bars?apikey=hidden-key', venue.url) };
}

const fine = { status: 200, body: { bars: [] } } as const;

describe('a question', () => {
  test('is repeated after 5xx, 408, a cut, a half-closed and a stalled connection, until a whole answer comes', async () => {
    const script: readonly ScriptedAnswer[] = [
      { status: 503 },
      { status: 408 },
      'reset',
      'halfClosed',
      'silence',
      'drip',
      fine,
    ];
    const asked = await facing(script, { limits: { ...quick, attemptsMax: 7 } });
    expect(JSON.parse(await asked.http.get(asked.url))).toEqual({ bars: [] });
    expect(asked.venue.requests).toHaveLength(7);
  });

  test.each<[string, ScriptedAnswer]>([
    ['5xx', { status: 500 }],
    ['half-closed connections', 'halfClosed'],
    ['a body that never ends', 'drip'],
  ])('that meets only %s ends as PROVIDER_UNREACHABLE, and tells no query', async (_, answer) => {
    const asked = await facing([answer], { limits: { ...quick, attemptTimeoutMs: 300 } });
    const error: unknown = await asked.http.get(asked.url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PROVIDER_UNREACHABLE', details: { provider: 'vendor', path: '/v1/bars' } });
    expect(JSON.stringify(error) + String(error)).not.toContain('hidden');
    expect(asked.venue.requests).toHaveLength(3);
  });

  test('waits after 429 as long as Retry-After says, and ends as PROVIDER_RATE_LIMITED when it says too long', async () => {
    const limited = (seconds: string): ScriptedAnswer => ({ status: 429, headers: { 'retry-after': seconds } });
    const patient = await facing([limited('1'), fine]);
    await patient.http.get(patient.url);
    const [first = 0, second = 0] = patient.venue.arrivedAtMs;
    expect(second - first).toBeGreaterThanOrEqual(995);
    await venue?.stop();
    const impatient = await facing([limited('86400'), fine]);
    await expect(impatient.http.get(impatient.url)).rejects.toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });
    expect(impatient.venue.requests).toHaveLength(1);
  });

  test('ends by its total limit though attempts are left', async () => {
    const asked = await facing(['silence'], {
      limits: { ...quick, attemptTimeoutMs: 200, totalTimeoutMs: 500, attemptsMax: 1_000 },
    });
    await expect(asked.http.get(asked.url)).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
    expect(asked.venue.requests.length).toBeLessThanOrEqual(4);
  });

  test('gives up a body over its bound as PROVIDER_ANSWER_OVERSIZED, at once', async () => {
    const asked = await facing(['flood'], { limits: { ...quick, attemptTimeoutMs: 30_000, totalTimeoutMs: 60_000 } });
    await expect(asked.http.get(asked.url)).rejects.toMatchObject({ code: 'PROVIDER_ANSWER_OVERSIZED' });
    expect(asked.venue.requests).toHaveLength(1);
  });

  test.each([
    [401, 'PROVIDER_CREDENTIALS_REFUSED'],
    [403, 'PROVIDER_CREDENTIALS_REFUSED'],
    [404, 'PROVIDER_REFUSED'],
    [422, 'PROVIDER_REFUSED'],
    [302, 'PROVIDER_REFUSED'],
  ])('that is answered by %i is not repeated: %s, in the vendor’s words', async (status, code) => {
    const asked = await facing([{ status, body: { message: 'no such thing' } }]);
    await expect(asked.http.get(asked.url)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('no such thing'),
    });
    expect(asked.venue.requests).toHaveLength(1);
  });

  test('stops when it is aborted, under way or waiting', async () => {
    for (const answer of ['silence', { status: 500 }] as const) {
      const aborting = new AbortController();
      const asked = await facing([answer], {
        signal: aborting.signal,
        limits: { ...quick, attemptTimeoutMs: 60_000, retryWaitMs: 60_000, totalTimeoutMs: 600_000 },
      });
      const reading = asked.http.get(asked.url);
      const watching = setInterval(() => asked.venue.requests.length > 0 && aborting.abort(), 20);
      await expect(reading).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
      clearInterval(watching);
      expect(asked.venue.requests).toHaveLength(1);
      await venue?.stop();
    }
  });

  test('keeps to the plan', async () => {
    const asked = await facing([fine], { allowance: { requestsPerMinute: 300, burst: 2 } });
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: 4 }, () => asked.http.get(asked.url)));
    // Two at once, and each further one 200 milliseconds later.
    expect(Math.max(...asked.venue.arrivedAtMs) - startedMs).toBeGreaterThanOrEqual(395);
  });
});

describe('an answer', () => {
  const schema = z.object({ bars: z.array(z.object({ c: z.number() })) });

  test.each<[string, unknown, string]>([
    ['lacks a field', {}, 'bars: '],
    ['has a figure as text', { bars: [{ c: 1 }, { c: '2' }] }, 'bars[1].c: '],
    ['is a page of HTML', '<html>', 'no JSON'],
  ])('that %s is PROVIDER_ANSWER_UNREADABLE and names the place', async (_, body, named) => {
    const asked = await facing([{ status: 200, body }]);
    const reading = ask(asked.http, asked.url, schema);
    await expect(reading).rejects.toMatchObject({
      code: 'PROVIDER_ANSWER_UNREADABLE',
      message: expect.stringContaining(named),
    });
    expect(asked.venue.requests).toHaveLength(1);
  });

  test('with more than the specification says is read: vendors add fields', async () => {
    const asked = await facing([{ status: 200, body: { bars: [{ c: 1, isNew: true }] } }]);
    expect(await ask(asked.http, asked.url, schema)).toEqual({ bars: [{ c: 1 }] });
  });
});

describe('pages', () => {
  const page = z.object({ rows: z.array(z.number()), next: z.string().nullable() });
  const read = async (
    script: readonly (readonly [readonly number[], string | null])[],
    limits: VendorHttpOptions['limits'] = quick,
  ) => {
    const asked = await facing(
      script.map(([rows, next]) => ({ status: 200, body: { rows, next } })),
      { limits },
    );
    const rows: number[] = [];
    const all = pagesOf({
      http: asked.http,
      urlOf: (token) => new URL(`/rows?page=${token ?? 'first'}`, asked.url),
      read: (url) => ask(asked.http, url, page),
      nextOf: ({ next }) => next,
    });
    for await (const one of all) rows.push(...one.rows);
    return { rows, requests: asked.venue.requests };
  };

  test('are read to the one that names no next, an empty one that names a next included', async () => {
    const { rows, requests } = await read([
      [[1], 'b'],
      [[], 'c'],
      [[2], null],
    ]);
    expect(rows).toEqual([1, 2]);
    expect(requests).toEqual(['GET /rows?page=first', 'GET /rows?page=b', 'GET /rows?page=c']);
  });

  test('that take longer together than is waited for are PROVIDER_PAGES_ENDLESS, and no more are asked for', async () => {
    const script = [[[1], 'b'] as const, [[2], 'c'] as const, [[3], null] as const];
    await expect(read(script, { ...quick, pagesTimeoutMs: 0 })).rejects.toMatchObject({
      code: 'PROVIDER_PAGES_ENDLESS',
      message: expect.stringContaining('1 pages took'),
    });
    expect(venue!.requests).toHaveLength(1);
  });

  test('that go in a circle are PROVIDER_PAGES_ENDLESS', async () => {
    await expect(
      read([
        [[1], 'b'],
        [[1], 'c'],
        [[1], 'b'],
      ]),
    ).rejects.toMatchObject({ code: 'PROVIDER_PAGES_ENDLESS' });
  });
});
