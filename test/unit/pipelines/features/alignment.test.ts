import { describe, expect, it } from 'vitest';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { tableOfRows } from '#pipelines/features/barJoin.ts';
import type { BarTable } from '#pipelines/features/barFields.ts';
import { computeFeaturePlan, type FeatureHistory } from '#pipelines/features/computeFeaturePlan.ts';
import { compileFeatures } from '#pipelines/features/featurePlan.ts';
import type { FeatureDefinition, FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { FeatureStream } from '#pipelines/features/featureStream.ts';

const none = Number.NaN;
const minuteMs = 60_000;

/** Minutes that begin at times of day in New York, each with its number as its close. */
function minutes(times: readonly (readonly [session: string, time: string, close: number])[]): BarTable {
  const rows = times.map(([session, time, close]) => {
    const startMs = newYorkTimeMs(sessionDate(session), time);
    return { startMs, endMs: startMs + minuteMs, figures: { close, volume: 1 } };
  });
  return tableOfRows(rows, ['close', 'volume']);
}

/** The close of the last bar of a timeframe that is known at each row. */
function lastClose(timeframe: FeatureDefinition['timeframe'], history: FeatureHistory): readonly number[] {
  const features = [{ name: 'price', indicator: 'SMA', parameters: { timeperiod: 1 }, timeframe }];
  return [...computeFeaturePlan(compileFeatures({ timeframe: '1m', features }), history)[0]!];
}

describe('a bar of five minutes', () => {
  it('is seen at the row that closes with it and at none before', () =>
    expect(
      lastClose('5m', {
        bars: minutes([
          ['2024-11-27', '09:30', 1],
          ['2024-11-27', '09:33', 4],
          ['2024-11-27', '09:34', 5],
          ['2024-11-27', '09:35', 6],
          ['2024-11-27', '09:39', 10],
        ]),
      }),
    ).toEqual([none, none, 5, 5, 10]));

  it('whose last minute nothing traded in is seen from the next row on', () =>
    expect(
      lastClose('5m', {
        bars: minutes([
          ['2024-11-27', '09:30', 1],
          ['2024-11-27', '09:32', 3],
          ['2024-11-27', '09:36', 7],
          ['2024-11-27', '09:37', 8],
        ]),
      }),
    ).toEqual([none, none, 3, 3]));

  it('counts from the open on both sides of a change of clocks', () =>
    expect(
      lastClose('1h', {
        bars: minutes([
          ['2024-03-08', '10:29', 1],
          ['2024-03-08', '10:30', 2],
          ['2024-03-11', '10:28', 3],
          ['2024-03-11', '10:29', 4],
          ['2024-11-01', '10:29', 5],
          ['2024-11-04', '10:29', 6],
        ]),
      }),
    ).toEqual([1, 1, 2, 4, 5, 6]));

  it('has nothing of minutes before the open and after the close', () =>
    expect(
      lastClose('5m', {
        bars: minutes([
          ['2024-11-27', '09:29', 1],
          ['2024-11-27', '09:34', 2],
          ['2024-11-27', '16:04', 3],
          ['2024-11-29', '13:04', 4],
        ]),
      }),
    ).toEqual([none, 2, 2, 2]));
});

describe('a day', () => {
  const bars = minutes([
    ['2024-11-27', '15:58', 1],
    ['2024-11-27', '15:59', 2],
    ['2024-11-29', '12:58', 3],
    ['2024-11-29', '12:59', 4],
    ['2024-12-02', '09:30', 5],
  ]);

  it('made of its minutes is seen when its last one closes, also of a half day', () =>
    expect(lastClose('1d', { bars })).toEqual([none, 2, 2, 4, 4]));

  it('of an early close is over at once: the minute after it sees it', () =>
    expect(
      lastClose('1d', {
        bars: minutes([
          ['2024-11-29', '12:50', 1],
          ['2024-11-29', '13:05', 2],
        ]),
      }),
    ).toEqual([none, 1]));

  it('that a vendor delivers is seen when it was known, which the last minute is not', () => {
    const known = (session: string, time: string, close: number): Parameters<typeof tableOfRows>[0][number] => {
      const endMs = newYorkTimeMs(sessionDate(session), time);
      return { startMs: endMs - minuteMs, endMs, figures: { close } };
    };
    const days = tableOfRows([known('2024-11-27', '16:10', 20), known('2024-11-29', '13:10', 40)], ['close']);
    expect(lastClose('1d', { bars, longer: { '1d': days } })).toEqual([none, none, 20, 20, 40]);
  });
});

describe('an observation', () => {
  const startMs = newYorkTimeMs(sessionDate('2024-11-27'), '10:00');
  const bars = minutes([
    ['2024-11-27', '10:00', 1],
    ['2024-11-27', '10:01', 1],
    ['2024-11-27', '10:02', 1],
    ['2024-11-27', '12:30', 1],
  ]);
  const valuesOf = (indicator: string, parameters: Readonly<Record<string, number>>): readonly number[] => {
    const news = [
      // It speaks of yesterday and arrives in the second minute; another corrects it in the third.
      { eventMs: startMs - 86_400_000, arrivedMs: startMs + 1.5 * minuteMs, value: 7 },
      { eventMs: startMs + 60 * minuteMs, arrivedMs: startMs + 3 * minuteMs, value: 9 },
    ];
    const features = [{ name: 'one', indicator, parameters, inputs: ['news'] }];
    return [
      ...computeFeaturePlan(compileFeatures({ timeframe: '1m', features }), { bars, observations: { news } })[0]!,
    ];
  };

  it('is known from its arrival on, whatever it speaks of, and for so many hours', () => {
    expect(valuesOf('latestObservation', { hours: 1 })).toEqual([none, 7, 9, none]);
    expect(valuesOf('observationCount', { hours: 1 })).toEqual([0, 1, 2, 0]);
    expect(valuesOf('observationMean', { hours: 3 })).toEqual([none, 7, 8, 8]);
  });

  it('of an event to come is counted down to until it has come', () =>
    expect(valuesOf('hoursToEvent', {})).toEqual([none, none, 57 / 60, none]));
});

describe('timeframes together', () => {
  const bars = minutes(
    Array.from(
      { length: 10 },
      (_, minute) => ['2024-11-27', `09:${30 + minute}`, [1, 2, 3, 4, 5, 4, 3, 2, 1, 2][minute]!] as const,
    ),
  );
  const price = { indicator: 'SMA', parameters: { timeperiod: 1 }, for: 'otherFeatures' } as const;
  const columnOf = (features: FeatureSpec['features']): readonly number[] => [
    ...computeFeaturePlan(compileFeatures({ timeframe: '1m', features }), { bars })[0]!,
  ];
  const two = [
    { ...price, name: 'minute' },
    { ...price, name: 'five', timeframe: '5m' },
  ] as const;

  it('confirm: the first input where both are on one side of the level', () =>
    expect(
      columnOf([
        ...two,
        { name: 'one', indicator: 'confirmed', inputs: ['minute', 'five'], parameters: { level: 3.5 } },
      ]),
    ).toEqual([none, none, none, none, 5, 4, 3.5, 3.5, 3.5, 2]));

  it('agree: the share over the level less the share under it', () =>
    expect(
      columnOf([
        ...two,
        { name: 'one', indicator: 'agreement', inputs: ['minute', 'five'], parameters: { level: 3.5 } },
      ]),
    ).toEqual([none, none, none, none, 1, 1, 0, 0, 0, -1]));

  it('adapt: the wilder, the shorter', () =>
    expect(
      columnOf([
        ...two,
        // The price itself stands for volatility: highest of three is wild.
        { name: 'one', indicator: 'adaptive', inputs: ['minute', 'minute', 'five'], parameters: { lookBack: 3 } },
      ]),
      // Ranks of the newest among three: 5/6 while it rises, then 3/6, 1/6, 1/6, 1/6, 3/6.
    ).toEqual([none, none, 3, 4, 5, 5, 5, 5, 5, 2]));
});

it('bars that come out of order are refused', () => {
  const stream = new FeatureStream(
    compileFeatures({ timeframe: '1m', features: [{ name: 'r', indicator: 'return', parameters: { sessions: 1 } }] }),
  );
  const startMs = newYorkTimeMs(sessionDate('2024-11-27'), '10:00');
  stream.push({ startMs, endMs: startMs + minuteMs, figures: { close: 1 } });
  expect(() => stream.push({ startMs: startMs - minuteMs, endMs: startMs, figures: { close: 1 } })).toThrow(RangeError);
});

it('bars that lack a figure which a feature reads are refused', () => {
  const bars = minutes([['2024-11-27', '10:00', 1]]);
  const plan = compileFeatures({
    timeframe: '1m',
    features: [{ name: 'book', indicator: 'depthImbalance', parameters: {} }],
  });
  expect(() => computeFeaturePlan(plan, { bars })).toThrow(
    expect.objectContaining({ code: 'INDICATOR_INPUT_MISSING' }),
  );
});
