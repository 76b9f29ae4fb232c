import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { readBinanceRecording } from '#infra/binance/streamRecording.ts';
import { tableOfRows } from '#pipelines/features/barJoin.ts';
import { computeFeaturePlan } from '#pipelines/features/computeFeaturePlan.ts';
import { barsFromEvents, type EventBarTerms } from '#pipelines/features/eventBars.ts';
import { compileFeatures } from '#pipelines/features/featurePlan.ts';
import { findLookAhead } from '#pipelines/features/lookAhead.ts';
import { allFields } from './minuteHistory.ts';

const folder = fileURLToPath(
  new URL('../../../../../shared/data/order_book_l2/binance_spot_btcusdt/', import.meta.url),
);
const present = existsSync(folder);
if (!present) console.warn(`skipped: the recorded book, which lies outside the repository (${folder}), is absent`);

/** Bars of a minute of the recorded hours, with ten levels of the rebuilt book. */
const terms: EventBarTerms = { market: 'continuous', timeframe: '1m', book: 'depth', depthLevels: 10 };

async function recordedEvents(): Promise<readonly MarketEvent[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.gz'));
  const events: MarketEvent[] = [];
  for await (const event of readBinanceRecording(files.map((name) => path.join(folder, name)))) events.push(event);
  return events;
}

describe.skipIf(!present)('features of a recorded book', () => {
  it('have values within their ranges, and never look ahead', async () => {
    const events = await recordedEvents();
    const rows = barsFromEvents(events, terms, events.at(-1)!.receivedMs);
    const plan = compileFeatures({
      timeframe: '1m',
      market: 'continuous',
      features: [
        { name: 'flow', indicator: 'orderFlowImbalance', parameters: { period: 1 } },
        { name: 'depth', indicator: 'depthImbalance', parameters: {} },
        { name: 'tape', indicator: 'tradeImbalance', parameters: { period: 1 } },
        { name: 'width', indicator: 'quotedSpread', parameters: {} },
      ],
    });
    const bars = tableOfRows(rows, allFields);
    const [flow, depth, tape, width] = computeFeaturePlan(plan, { bars });
    expect(rows.length).toBeGreaterThan(2);
    for (const column of [flow!, depth!, tape!]) {
      const values = column.filter((value) => !Number.isNaN(value));
      expect(values.length).toBeGreaterThan(1);
      expect(values.every((value) => Math.abs(value) <= 1)).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(1);
    }
    expect(width!.every((value) => Number.isNaN(value) || (value > 0 && value < 0.001))).toBe(true);
    for (let row = 0; row < rows.length; row += 1) expect(findLookAhead(plan, { bars }, row)).toBeUndefined();
    // What came in after a bar changes nothing of it.
    const half = events.slice(0, events.length / 2);
    const earlier = barsFromEvents(half, terms, half.at(-1)!.receivedMs);
    expect(earlier).toEqual(rows.slice(0, earlier.length));
  }, 60_000);
});
