import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DepthSnapshot, DepthUpdate, MarketEvent, Quote, Trade } from '#domain/marketEvents.ts';
import { tableOfRows } from '#pipelines/features/barJoin.ts';
import { computeFeaturePlan } from '#pipelines/features/computeFeaturePlan.ts';
import { barsFromEvents, EventBars, type EventBarTerms } from '#pipelines/features/eventBars.ts';
import { compileFeatures } from '#pipelines/features/featurePlan.ts';
import { FeatureStream } from '#pipelines/features/featureStream.ts';
import { allFields } from './minuteHistory.ts';

const minuteMs = 60_000;
const quotes: EventBarTerms = { market: 'continuous', timeframe: '1m', book: 'quotes', depthLevels: 1 };
const basics = { symbol: 'AAA', venueMs: null, exchange: '' };

function trade(second: number, price: number, size: number): Trade {
  return { ...basics, kind: 'trade', receivedMs: 1_000 * second, price, size, conditions: [], tradeId: null };
}

function quote(
  second: number,
  [bid, bidSize]: readonly [number, number],
  [ask, askSize]: readonly [number, number],
): Quote {
  return { ...basics, kind: 'quote', receivedMs: 1_000 * second, bid, bidSize, ask, askSize, updateId: null };
}

describe('bars of events', () => {
  it('hold what came in by their end, by our clock', () => {
    const [first, second, ...more] = barsFromEvents(
      [trade(1, 10, 100), trade(59.999, 12, 50), trade(60, 11, 10), trade(110, 9, 5)],
      quotes,
      2 * minuteMs,
    );
    expect(first).toMatchObject({
      startMs: 0,
      endMs: minuteMs,
      figures: { open: 10, high: 12, low: 10, close: 12, volume: 150 },
    });
    expect(second).toMatchObject({ figures: { open: 11, high: 11, low: 9, close: 9, volume: 15 } });
    expect(more).toEqual([]);
  });

  it('in which nothing traded stand at the close before; there are none before the first trade', () => {
    const rows = barsFromEvents(
      [quote(1, [9, 1], [11, 1]), trade(61, 10, 1), quote(125, [9, 2], [11, 1]), quote(190, [9, 2], [11, 1])],
      quotes,
      3 * minuteMs,
    );
    expect(rows.map(({ startMs, figures }) => [startMs, figures.open, figures.close, figures.volume])).toEqual([
      [minuteMs, 10, 10, 1],
      [2 * minuteMs, 10, 10, 0],
    ]);
  });

  it('that are under way when a recording ends are none', () =>
    expect(barsFromEvents([trade(1, 10, 1)], quotes, minuteMs - 1)).toEqual([]));

  it('sign trades by the quote, at its middle by the last change of price', () => {
    const [row] = barsFromEvents(
      [
        trade(1, 10, 7),
        quote(2, [9, 1], [11, 1]),
        trade(3, 10.5, 1),
        trade(4, 9.5, 2),
        // At the middle, after a fall and after a rise.
        trade(5, 10, 4),
        trade(6, 9, 8),
        { ...trade(7, 10, 16), conditions: ['averagePrice'] },
      ],
      quotes,
      minuteMs,
    );
    // The first trade has nothing before it; an average price is nobody's initiative.
    expect(row!.figures).toMatchObject({ buyVolume: 1 + 4, sellVolume: 2 + 8, volume: 38 });
  });

  it('add up order flow at the best prices', () => {
    const [row] = barsFromEvents(
      [
        trade(0, 10, 1),
        quote(1, [9, 10], [11, 10]),
        quote(2, [9, 15], [11, 10]), // Five more bid.
        quote(3, [9.5, 4], [11, 10]), // A better bid of four.
        quote(4, [9.5, 4], [11, 7]), // Three less offered.
        quote(5, [9.5, 4], [10.5, 6]), // A better offer of six.
        quote(6, [9, 15], [10.5, 6]), // The best bid of four is gone.
      ],
      quotes,
      minuteMs,
    );
    expect(row!.figures).toMatchObject({ orderFlow: 5 + 4 + 3 - 6 - 4, orderFlowTotal: 5 + 4 + 3 + 6 + 4 });
    expect(row!.figures).toMatchObject({ spread: 1.5 / 9.75, bidDepth: 15, askDepth: 6 });
  });

  it('tell by how much the middle moved since the bar before', () => {
    const rows = barsFromEvents(
      [trade(0, 10, 1), quote(1, [9, 1], [11, 1]), quote(61, [10, 1], [11, 1]), quote(121, [10, 1], [11, 1])],
      quotes,
      2 * minuteMs,
    );
    expect(rows.map(({ figures }) => figures.midChange)).toEqual([Number.NaN, 0.5]);
  });

  it('of a book count its levels, and say nothing of it while an update is missing', () => {
    const level = (second: number): Pick<DepthUpdate, 'symbol' | 'venueMs' | 'receivedMs'> => ({
      symbol: 'AAA',
      venueMs: null,
      receivedMs: 1_000 * second,
    });
    const snapshot: DepthSnapshot = {
      ...level(1),
      kind: 'depthSnapshot',
      lastUpdateId: 10,
      bids: [
        [9, 1],
        [8, 2],
        [7, 4],
      ],
      asks: [
        [11, 3],
        [12, 5],
      ],
    };
    const update = (second: number, firstUpdateId: number): DepthUpdate => ({
      ...level(second),
      kind: 'depthUpdate',
      firstUpdateId,
      lastUpdateId: firstUpdateId,
      bids: [[9, 6]],
      asks: [],
    });
    const terms = { ...quotes, book: 'depth', depthLevels: 2 } as const;
    const rows = barsFromEvents(
      [trade(0, 10, 1), snapshot, update(2, 11), update(61, 14), trade(62, 10, 1)],
      terms,
      2 * minuteMs,
    );
    expect(rows[0]!.figures).toMatchObject({ bidDepth: 8, askDepth: 8, orderFlow: 5, spread: 0.2 });
    expect(rows[1]!.figures).toMatchObject({ bidDepth: Number.NaN, spread: Number.NaN, orderFlow: 0 });
  });
});

describe('microstructure', () => {
  const spec = {
    timeframe: '1m',
    market: 'continuous',
    features: [
      { name: 'flow', indicator: 'orderFlowImbalance', parameters: { period: 2 } },
      { name: 'tape', indicator: 'tradeImbalance', parameters: { period: 2 } },
      { name: 'depth', indicator: 'depthImbalance', parameters: {} },
      { name: 'impact', indicator: 'kyleLambda', parameters: { period: 3 } },
      { name: 'cost', indicator: 'illiquidity', parameters: { period: 1 } },
      { name: 'width', indicator: 'quotedSpread', parameters: {} },
      { name: 'flowOfFive', indicator: 'orderFlowImbalance', parameters: { period: 1 }, timeframe: '5m' },
    ],
  } as const;
  const plan = compileFeatures(spec);
  const valuesOf = (columns: Readonly<Record<string, readonly number[]>>, name: string): readonly number[] => {
    const rows = Object.values(columns)[0]!.map((_, row) => ({
      startMs: row * minuteMs,
      endMs: (row + 1) * minuteMs,
      figures: Object.fromEntries(allFields.map((field) => [field, columns[field]?.[row] ?? Number.NaN])),
    }));
    const index = plan.columns.findIndex((column) => column.name === name);
    return [...computeFeaturePlan(plan, { bars: tableOfRows(rows, allFields) })[index]!];
  };
  const none = Number.NaN;

  it('measures imbalances of flow, tape and book over their totals', () => {
    expect(valuesOf({ orderFlow: [3, -1, 0], orderFlowTotal: [5, 5, 0] }, 'flow')).toEqual([none, 0.2, -0.2]);
    expect(valuesOf({ buyVolume: [30, 10, 0], sellVolume: [10, 50, 0] }, 'tape')).toEqual([none, -0.2, -40 / 60]);
    expect(valuesOf({ bidDepth: [30, 0], askDepth: [10, 0] }, 'depth')).toEqual([0.5, 0]);
  });

  it("finds Kyle's lambda that made the prices", () => {
    const flows = [100, -200, 300, 50, 50, 50];
    const lambda = 0.002;
    const found = valuesOf(
      {
        midChange: flows.map((flow) => lambda * flow + 0.01),
        buyVolume: flows.map((flow) => 1_000 + flow),
        sellVolume: flows.map(() => 1_000),
      },
      'impact',
    );
    expect(found.slice(0, 2)).toEqual([none, none]);
    for (const value of found.slice(2, 5)) expect(value).toBeCloseTo(lambda, 12);
    // Flow that does not vary tells nothing.
    expect(found[5]).toBe(0);
  });

  it('measures illiquidity by a million dollars', () => {
    const cost = valuesOf({ close: [100, 101, 101], volume: [1_000, 1_000, 0] }, 'cost');
    expect(cost.map(Number.isNaN)).toEqual([true, false, true]);
    expect(cost[1]).toBeCloseTo((0.01 / 101_000) * 1e6, 12);
  });

  const event: fc.Arbitrary<(receivedMs: number) => MarketEvent> = fc.oneof(
    fc
      .record({ price: fc.integer({ min: 8, max: 12 }), size: fc.integer({ min: 1, max: 9 }) })
      .map(({ price, size }) => (receivedMs: number) => ({ ...trade(0, price, size), receivedMs })),
    fc
      .record({
        bid: fc.integer({ min: 7, max: 9 }),
        ask: fc.integer({ min: 10, max: 12 }),
        size: fc.integer({ min: 0, max: 9 }),
      })
      .map(({ bid, ask, size }) => (receivedMs: number) => ({ ...quote(0, [bid, size], [ask, 9 - size]), receivedMs })),
  );

  it('gives live, event by event, what it gives of the recording', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(event, fc.integer({ min: 1, max: 40_000 })), { minLength: 40, maxLength: 120 }),
        (steps) => {
          let atMs = 0;
          const events = steps.map(([make, waitMs]) => make((atMs += waitMs)));
          const rows = barsFromEvents(events, quotes, atMs);
          const whole = computeFeaturePlan(plan, { bars: tableOfRows(rows, allFields) });
          const [bars, stream] = [new EventBars(quotes), new FeatureStream(plan)];
          const live: Float64Array[] = [];
          for (const one of events) {
            const ended = bars.take(one);
            if (ended) live.push(stream.push(ended));
          }
          for (const [index, column] of whole.entries()) {
            expect(Float64Array.from(live, (row) => row[index]!)).toEqual(column.slice(0, live.length));
          }
          expect(rows.length - live.length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 30 },
    ));
});
