import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { sha256 } from '#domain/sha256.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { snapshotBytes, snapshotDigest } from '#pipelines/snapshot.ts';
import { barsToTable, benchmarkToTable, storedBarsToTable, tableToBars, tableToBenchmark } from '#pipelines/tables.ts';
import { firstRows, randomBars, randomBenchmark, weekdays } from './randomBars.ts';

const sessions = weekdays(30);
const bars = ['AAA', 'BBB', 'CCC'].map((symbol, index) => randomBars(symbol, sessions, index));
const benchmark = randomBenchmark(sessions, 9);

const raw: DailyBars = {
  ...bars[0]!,
  actions: { dividend: new Float64Array(30), splitRatio: new Float64Array(30).fill(1) },
};

function withAction(name: 'dividend' | 'splitRatio', value: number): DailyBars {
  return { ...raw, actions: { ...raw.actions!, [name]: raw.actions![name].with(7, value) } };
}

describe('the digest of a snapshot', () => {
  it('is that of the documented bytes', () => {
    const day = sessionDate('2024-01-02');
    const one = (value: number): Float64Array => Float64Array.of(value);
    const tiny = {
      bars: [
        {
          symbol: 'X',
          sessions: [day],
          open: one(1),
          high: one(2),
          low: one(0.5),
          close: one(1.5),
          adjustedClose: one(1.5),
          volume: one(-0),
        },
      ],
      benchmark: { sessions: [day], close: one(4), source: ['I'] },
    };
    const schema =
      '{"bars":["symbol","prices","session","open","high","low","close","adjustedClose","volume"],' +
      '"benchmark":["session","source","close"],"format":"plimsoll-daily-snapshot",' +
      '"raw":["dividend","splitRatio"],"version":2}';
    const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');
    const figures = [
      '000000000000f03f',
      '0000000000000040',
      '000000000000e03f',
      '000000000000f83f',
      '000000000000f83f',
    ];
    const expected = [
      ['d3000000', hex(schema)],
      ['01000000', '01000000', hex('X'), '0d000000', hex('splitAdjusted')],
      ['01000000', hex('2024-01-02'), ...figures, '0000000000000000'],
      ['01000000', hex('2024-01-02'), '01000000', hex('I'), '0000000000001040'],
    ]
      .flat()
      .join('');
    expect(schema).toHaveLength(0xd3);
    expect(Buffer.from(snapshotBytes(tiny)).toString('hex')).toBe(expected);
    expect(snapshotDigest(tiny)).toBe(sha256(Buffer.from(expected, 'hex')));
  });

  it('does not depend on the order of the symbols', () => {
    const wanted = snapshotDigest({ bars, benchmark });
    fc.assert(
      fc.property(fc.shuffledSubarray(bars, { minLength: bars.length }), (shuffled) => {
        expect(snapshotDigest({ bars: shuffled, benchmark })).toBe(wanted);
      }),
    );
  });

  it('changes with any figure, by however little', () => {
    const wanted = snapshotDigest({ bars, benchmark });
    const column = fc.constantFrom('open', 'high', 'low', 'close', 'adjustedClose', 'volume');
    fc.assert(
      fc.property(column, fc.nat(2), fc.nat(29), (name, symbol, row) => {
        const changed = bars.with(symbol, {
          ...bars[symbol]!,
          [name]: bars[symbol]![name as 'open'].with(row, bars[symbol]![name as 'open'][row]! * (1 + Number.EPSILON)),
        });
        expect(snapshotDigest({ bars: changed, benchmark })).not.toBe(wanted);
      }),
    );
  });

  it('tells raw prices from adjusted ones, and changes with a dividend or a split', () => {
    const digests = [bars[0]!, raw, withAction('dividend', 0.5), withAction('splitRatio', 2)].map((one) =>
      snapshotDigest({ bars: [one], benchmark }),
    );
    expect(new Set(digests).size).toBe(4);
  });

  it('changes with the benchmark and with where it came from', () => {
    const wanted = snapshotDigest({ bars, benchmark });
    const moved = { ...benchmark, close: benchmark.close.with(3, 1) };
    const renamed = { ...benchmark, source: benchmark.source.map((name, row) => (row === 3 ? 'OTHER' : name)) };
    expect(snapshotDigest({ bars, benchmark: moved })).not.toBe(wanted);
    expect(snapshotDigest({ bars, benchmark: renamed })).not.toBe(wanted);
  });

  it.each([
    ['a figure that is not finite', [{ ...bars[0]!, low: bars[0]!.low.with(2, Number.NaN) }]],
    ['a symbol that comes twice', [bars[0]!, bars[0]!]],
    ['sessions that do not ascend', [{ ...bars[0]!, sessions: sessions.toReversed() }]],
    ['columns of different lengths', [{ ...bars[0]!, low: bars[0]!.low.slice(1) }]],
  ])('is refused for %s', (_, given) =>
    expect(() => snapshotDigest({ bars: given, benchmark })).toThrow(
      expect.objectContaining({ code: 'SNAPSHOT_INVALID' }),
    ),
  );
});

describe('tables', () => {
  it('give back the bars they were made of, also when symbols began apart', () => {
    const uneven = [bars[0]!, firstRows(bars[1]!, 12)];
    expect(tableToBars(barsToTable(uneven))).toEqual(uneven);
    expect(snapshotDigest({ bars: tableToBars(barsToTable(bars)), benchmark })).toBe(
      snapshotDigest({ bars, benchmark }),
    );
  });

  it('as they are stored give back raw bars beside adjusted ones', () => {
    const mixed = [raw, bars[1]!];
    expect(tableToBars(storedBarsToTable(mixed))).toEqual(mixed);
  });

  it('give back the benchmark', () => expect(tableToBenchmark(benchmarkToTable(benchmark))).toEqual(benchmark));

  it.each([
    ['a column is missing', barsToTable(bars).slice(0, -1), 'volume'],
    [
      'a column is of another type',
      barsToTable(bars).with(0, { name: 'symbol', type: 'double', values: Float64Array.of(1) }),
      'text',
    ],
    [
      'a column is shorter',
      barsToTable(bars).with(2, { name: 'open', type: 'double', values: Float64Array.of(1) }),
      'length',
    ],
    ['a date is none', benchmarkOfText(), 'no session'],
    ['rows of a symbol lie apart', apart(), 'lie apart'],
  ])('are refused when %s', (_, table, message) => {
    expect(() => tableToBars(table)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_INVALID' }));
    expect(() => tableToBars(table)).toThrow(message);
  });

  function benchmarkOfText(): ReturnType<typeof barsToTable> {
    return barsToTable(bars).with(1, {
      name: 'session',
      type: 'text',
      values: bars.flatMap(() => sessions.map(() => '2024-02-30')),
    });
  }

  function apart(): ReturnType<typeof barsToTable> {
    return barsToTable(bars).with(0, {
      name: 'symbol',
      type: 'text',
      values: bars.flatMap(() => sessions.map((_, row) => (row % 2 === 0 ? 'A' : 'B'))),
    });
  }
});
