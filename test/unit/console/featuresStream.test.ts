import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { marketEventText } from '#domain/marketEventText.ts';
import { EventBars, eventBarFields } from '#pipelines/features/eventBars.ts';
import { randomNumbers } from '../pipelines/randomBars.ts';
import { plimsoll } from './commandLine.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);
function file(name: string, lines: readonly string[]): string {
  writeFileSync(at(name), `${lines.join('\n')}\n`);
  return at(name);
}

const several = [
  'features:',
  '  - { name: rsi, indicator: RSI, parameters: { timeperiod: 5 } }',
  '  - { name: histogram, indicator: MACD, output: macdhist, parameters: { fastperiod: 3, slowperiod: 6, signalperiod: 2 }, timeframe: 5m }',
  '  - { name: hour, indicator: ROC, parameters: { timeperiod: 1 }, timeframe: 1h }',
  '  - { name: mood, indicator: observationMean, inputs: [news], parameters: { hours: 1 } }',
];
const ofBars = file('bars.yaml', ['timeframe: 1m', ...several]);
const ofEvents = file('events.yaml', [
  'timeframe: 1m',
  'market: continuous',
  ...several,
  '  - { name: flow, indicator: orderFlowImbalance, parameters: { period: 2 } }',
  '  - { name: depth, indicator: depthImbalance }',
  '  - { name: tape, indicator: tradeImbalance, parameters: { period: 3 } }',
  '  - { name: impact, indicator: kyleLambda, parameters: { period: 10 } }',
]);

/** Minutes of three sessions from the open, of which a third is missing. */
function minutesFile(): string {
  const random = randomNumbers(5);
  const lines = ['AAA', 'BBB'].flatMap((symbol) =>
    ['2024-11-25', '2024-11-26', '2024-11-27'].flatMap((day) =>
      Array.from({ length: 200 }, (_, minute) => {
        const close = (100 + 10 * random()).toFixed(4);
        const clock = new Date(Date.UTC(2024, 0, 1, 9, 30 + minute)).toISOString().slice(11, 19);
        return random() < 0.3 && minute > 0
          ? []
          : [`${symbol},${day} ${clock},${close},${close},${close},${close},${minute}`];
      }).flat(),
    ),
  );
  return file('minutes.csv', ['Symbol,Time,Open,High,Low,Close,Volume', ...lines]);
}

/** Hours of trades and quotes of two symbols, of which one says nothing for a while. */
function captureFile(): string {
  const random = randomNumbers(9);
  const events: MarketEvent[] = [];
  let price = 50;
  for (let atMs = Date.UTC(2024, 10, 27, 15); atMs < Date.UTC(2024, 10, 27, 18, 30); atMs += 1 + 8_000 * random()) {
    const symbol = random() < 0.4 && (atMs / 60_000) % 60 < 50 ? 'BBB' : 'AAA';
    price = Math.max(1, price + (random() - 0.5) / 4);
    const basics = { symbol, venueMs: null, receivedMs: Math.floor(atMs), exchange: '' };
    const size = 1 + Math.floor(9 * random());
    events.push(
      random() < 0.5
        ? { ...basics, kind: 'trade', price, size, conditions: [], tradeId: null }
        : { ...basics, kind: 'quote', bid: price - 0.1, bidSize: size, ask: price + 0.1, askSize: 5, updateId: null },
    );
  }
  return file('capture.jsonl', events.map(marketEventText));
}

const news = file('news.csv', [
  'symbol,arrived,value',
  'AAA,2024-11-27 09:59:59,1',
  'AAA,2024-11-27 10:35:00,-1',
  ',2024-11-27 10:35:00,3',
]);

/** What both forms write of the same sources. */
async function bothForms(sources: string): Promise<{ readonly streamed: string; readonly computed: string }> {
  const streamed = await plimsoll(`features stream ${sources} --output ${at('streamed.csv')} --json`);
  const computed = await plimsoll(`features compute ${sources} --no-cache --output ${at('computed.csv')} --json`);
  expect([streamed.error, computed.error]).toEqual(['', '']);
  const { rows, features } = JSON.parse(streamed.out) as { readonly rows: number; readonly features: unknown };
  expect(JSON.parse(computed.out)).toMatchObject({ rows, features });
  expect(rows).toBeGreaterThan(1);
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  return { streamed: text('streamed.csv'), computed: text('computed.csv') };
}

/** Columns that have a value somewhere. */
function filled(csv: string): readonly string[] {
  const [head = '', ...rows] = csv.trim().split('\n');
  return head.split(',').filter((_, column) => rows.some((row) => row.split(',')[column] !== ''));
}

describe('features streamed', () => {
  it('over a file of bars are those computed, bit for bit', async () => {
    const { streamed, computed } = await bothForms(
      `--input ${minutesFile()} --declaration ${ofBars} --observations news=${news}`,
    );
    expect(streamed).toBe(computed);
    expect(filled(streamed)).toEqual(['symbol', 'time', 'rsi', 'histogram', 'hour', 'mood']);
  });

  it('over recorded events are those computed, bit for bit, with the tape and the quotes', async () => {
    const { streamed, computed } = await bothForms(
      `--events ${captureFile()} --declaration ${ofEvents} --observations news=${news}`,
    );
    expect(streamed).toBe(computed);
    const all = ['symbol', 'time', 'rsi', 'histogram', 'hour', 'mood', 'flow', 'depth', 'tape', 'impact'];
    expect(filled(streamed)).toEqual(all);
    expect(streamed).toContain('\nBBB,2024-11-27T16:');
  });

  it('over bars longer than those of the file are those computed', async () => {
    const daily = file('daily.yaml', ['features:', '  - { name: r, indicator: return, parameters: { sessions: 1 } }']);
    const { streamed, computed } = await bothForms(`--input ${minutesFile()} --declaration ${daily}`);
    expect(streamed).toBe(computed);
    expect(filled(streamed)).toEqual(['symbol', 'session', 'r']);
  });

  it.each([
    ['no source', '', 'COMMAND_UNKNOWN: give either --input or --events'],
    ['both sources', `--input ${at('minutes.csv')} --events ${at('capture.jsonl')}`, 'COMMAND_UNKNOWN'],
    ['a figure that bars of a file do not have', `--input ${at('minutes.csv')}`, 'INDICATOR_INPUT_MISSING'],
    ['observations that no file holds', `--events ${at('capture.jsonl')}`, 'OBSERVATIONS_UNREADABLE'],
    ['events that are none', `--events ${at('minutes.csv')} --observations news=${news}`, 'RECORDING_UNREADABLE'],
    ['no depth at all', `--events ${at('capture.jsonl')} --depth-levels 0`, 'COMMAND_UNKNOWN'],
  ])('are refused of %s', async (_, sources, told) => {
    const { exitCode, error } = await plimsoll(
      `features stream --declaration ${ofEvents} ${sources} --output ${at('refused.csv')}`,
    );
    expect(exitCode).not.toBe(0);
    expect(error).toContain(told);
    expect(readdirSync(folder)).not.toContain('refused.csv');
  });
});

describe('bars of events', () => {
  it('have the figures that are said', () => {
    const bars = new EventBars({ market: 'continuous', timeframe: '1m', book: 'quotes', depthLevels: 1 });
    const basics = { symbol: 'A', venueMs: null, exchange: '', conditions: [], tradeId: null };
    bars.take({ ...basics, kind: 'trade', receivedMs: 1, price: 1, size: 1 });
    expect(Object.keys(bars.endBy(60_000)!.figures).toSorted()).toEqual(eventBarFields.toSorted());
  });
});

const recordings = '../shared/data/order_book_l2/binance_spot_btcusdt/';
const present = existsSync(recordings);
if (!present) console.warn(`skipped: the recorded book, which lies outside the repository (${recordings}), is absent`);

describe.skipIf(!present)('features streamed over a recorded book', () => {
  it('are those computed, bit for bit', async () => {
    const files = readdirSync(recordings).filter((name) => name.endsWith('.gz'));
    const events = files.map((name) => path.join(recordings, name)).join(' ');
    const declaration = file('book.yaml', [
      'timeframe: 1m',
      'market: continuous',
      'features:',
      '  - { name: flow, indicator: orderFlowImbalance, parameters: { period: 1 } }',
      '  - { name: depth, indicator: depthImbalance }',
      '  - { name: width, indicator: quotedSpread }',
    ]);
    const { streamed, computed } = await bothForms(`--events ${events} --book depth --declaration ${declaration}`);
    expect(streamed).toBe(computed);
    expect(filled(streamed)).toEqual(['symbol', 'time', 'flow', 'depth', 'width']);
  }, 60_000);
});
