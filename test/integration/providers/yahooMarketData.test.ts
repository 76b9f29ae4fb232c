import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { MarketDataProvider, Timeframe } from '#activities/ports/marketDataProvider.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createYahooMarketData } from '#infra/yahoo/yahooMarketData.ts';
import { startScriptedVenue } from '../alpaca/scriptedVenue.ts';
import type { ScriptedAnswer, ScriptedVenue } from '../alpaca/scriptedVenue.ts';

let venue: ScriptedVenue | undefined;
let provider: MarketDataProvider | undefined;
afterEach(async () => {
  await venue?.stop();
  await provider?.close?.();
});

const range = { from: sessionDate('2020-08-31'), to: sessionDate('2020-11-06') };

async function asking(answer: ScriptedAnswer, symbol = 'AAPL', timeframe: Timeframe = '1Day') {
  venue = await startScriptedVenue([answer]);
  const allowance = { requestsPerMinute: 60_000, burst: 100 };
  provider = createYahooMarketData({ url: venue.url, allowance, limits: { retryWaitMs: 5 } });
  return provider.historicalBars!({ symbols: [symbol], range, timeframe });
}

function chart(changes: object = {}): ScriptedAnswer {
  const quote = { open: [1, null], high: [2, null], low: [1, null], close: [2, null], volume: [10, null] };
  const one = {
    meta: { currency: 'USD', symbol: 'BRK-B', dataGranularity: '1d' },
    timestamp: [1_598_880_600, 1_598_967_000],
    indicators: { quote: [quote], adjclose: [{ adjclose: [1.5, null] }] },
    ...changes,
  };
  return { status: 200, body: { chart: { result: [one], error: null } } };
}

describe('a chart', () => {
  test('is marked as adjusted for splits; a row without figures stays, as NaN; classes are asked for with a hyphen', async () => {
    const answer = await asking(chart(), 'BRK.B');
    expect(answer).toMatchObject({ kind: 'daily', scale: 'splitAdjusted', withoutBars: [] });
    expect(answer.bars[0]).toMatchObject({ symbol: 'BRK.B', close: new Float64Array([2, Number.NaN]) });
    expect(venue?.requests[0]).toContain('/v8/finance/chart/BRK-B?period1=1598846400&');
    expect(provider).not.toHaveProperty('corporateActions');
  });

  test('whose body is an error is PROVIDER_REFUSED though its status is 200; of an unknown symbol there are no bars', async () => {
    const error = { code: 'Bad Request', description: 'Invalid input - interval' };
    const body = { chart: { result: null, error } };
    await expect(asking({ status: 200, body })).rejects.toMatchObject({ code: 'PROVIDER_REFUSED' });
    await venue?.stop();
    expect(await asking({ status: 404, body })).toMatchObject({ withoutBars: ['AAPL'], bars: [] });
  });

  test.each<[string, ScriptedAnswer]>([
    ['of another length', chart({ meta: { currency: 'USD', symbol: 'AAPL', dataGranularity: '1mo' } })],
    ['in another currency', chart({ meta: { currency: 'GBp', symbol: 'AAPL', dataGranularity: '1d' } })],
    ['with uneven columns', chart({ timestamp: [1_598_880_600] })],
    ['that is a page of HTML', { status: 200, body: '<html>' }],
  ])('%s is PROVIDER_ANSWER_UNREADABLE', async (_, answer) => {
    await expect(asking(answer)).rejects.toMatchObject({ code: 'PROVIDER_ANSWER_UNREADABLE' });
  });
});

const recorded = path.resolve(import.meta.dirname, '../../../../shared/data/fundamentals/yahoo_json');
const isPresent = existsSync(recorded);
if (!isPresent) console.warn('skipped: recorded answers are not beside this checkout (../shared/data/fundamentals)');

describe.skipIf(!isPresent)('a recorded answer', () => {
  const replay = (file: string): ScriptedAnswer =>
    JSON.parse(readFileSync(path.join(recorded, file), 'utf8')) as ScriptedAnswer;

  test('gives its 49 sessions from the day of the split on', async () => {
    const answer = await asking(replay('chart-AAPL-2020-08-31-to-2020-11-07.json'));
    expect(answer.kind === 'daily' && answer.bars[0]?.sessions.length).toBe(49);
    expect(answer.kind === 'daily' && answer.bars[0]?.sessions[0]).toBe('2020-08-31');
    expect(answer.bars[0]?.close[0]).toBe(129.0399932861328);
  });

  test('of a weekend has no bars, and says so', async () => {
    const file = 'chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m.json';
    expect(await asking(replay(file), 'AAPL', '1Min')).toMatchObject({ withoutBars: ['AAPL'], bars: [] });
  });
});
