import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { computeFeatures, defaultFeatureSpec } from '#pipelines/features.ts';
import { openToOpenLabels } from '#pipelines/labels.ts';
import { buildSamples, buildWindows } from '#pipelines/samples.ts';
import { fitScaler, scaleFeatures, scalerDigest } from '#pipelines/scaling.ts';
import { firstRows, randomBars, randomBenchmark, weekdays } from './randomBars.ts';

const sessions = weekdays(200);
const bars = [randomBars('AAA', sessions, 1), randomBars('BBB', sessions, 2)];
const benchmark = randomBenchmark(sessions, 3);
const features = computeFeatures({ bars, benchmark, spec: defaultFeatureSpec });
const labels = openToOpenLabels(bars);
const span = { from: sessions[80]!, to: sessions[150]! };

/** Bars whose figures after a row are another random walk. */
function otherFuture(symbolBars: DailyBars, lastRow: number): DailyBars {
  const replace = (column: Float64Array): Float64Array =>
    column.map((value, row) => (row > lastRow ? value * (2 + Math.sin(row)) : value));
  const { open, high, low, close, adjustedClose } = symbolBars;
  const prices = { open: replace(open), high: replace(high), low: replace(low), close: replace(close) };
  return { ...symbolBars, ...prices, adjustedClose: replace(adjustedClose) };
}

describe('a label', () => {
  it('is the adjusted return from the next open to the open after it', () => {
    const [one] = bars;
    const open = (row: number): number => (one!.open[row]! * one!.adjustedClose[row]!) / one!.close[row]!;
    expect(labels.values[10]).toBeCloseTo(open(12) / open(11) - 1, 14);
    expect(labels.reachSessions).toBe(2);
  });

  it('over five sessions ends five opens after its entry', () => {
    const [one] = bars;
    const open = (row: number): number => (one!.open[row]! * one!.adjustedClose[row]!) / one!.close[row]!;
    expect(openToOpenLabels(bars, 5).values[10]).toBeCloseTo(open(16) / open(11) - 1, 14);
  });

  it('is unknown for the last two sessions', () =>
    expect(Array.from(labels.values.slice(197, 200), Number.isNaN)).toEqual([false, true, true]));

  it('is unknown where a symbol lacks a bar, rather than longer', () => {
    const short = firstRows(bars[0]!, 100);
    const withGap = openToOpenLabels([short, bars[1]!]);
    expect(Array.from(withGap.values.slice(96, 101), Number.isNaN)).toEqual([false, false, true, true, true]);
  });

  it('of half a session is refused', () => expect(() => openToOpenLabels(bars, 0.5)).toThrow(RangeError));
});

describe('a scaler', () => {
  it.each(['standard', 'robust'] as const)('that is %s knows its training rows only', (kind) => {
    const wanted = scalerDigest(fitScaler(features, span, { kind, clip: 5 }));
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), (noise) => {
        const values = features.values.map((value, index) => {
          const row = Math.floor(index / features.names.length) % sessions.length;
          return row < 80 || row > 150 ? noise : value;
        });
        expect(scalerDigest(fitScaler({ ...features, values }, span, { kind, clip: 5 }))).toBe(wanted);
      }),
    );
  });

  it('changes with a training row', () => {
    const values = features.values.with(80 * features.names.length, 1e6);
    expect(scalerDigest(fitScaler({ ...features, values }, span, { kind: 'standard', clip: 5 }))).not.toBe(
      scalerDigest(fitScaler(features, span, { kind: 'standard', clip: 5 })),
    );
  });

  const simple = {
    symbols: ['A'],
    sessions: sessions.slice(0, 5),
    names: ['x', 'still'],
    values: Float64Array.of(1, 7, 2, 7, 3, 7, 4, 7, 1000, 7),
  };
  const first4 = { from: sessions[0]!, to: sessions[3]! };

  it('that is standard takes mean and deviation, and clips', () => {
    const scaler = fitScaler(simple, first4, { kind: 'standard', clip: 3 });
    expect(scaler).toMatchObject({ centers: [2.5, 7], scales: [Math.sqrt(1.25), 1] });
    expect(Array.from(scaleFeatures(scaler, simple).values.slice(6))).toEqual([1.5 / Math.sqrt(1.25), 0, 3, 0]);
  });

  it('that is robust takes median and quartiles, and is not moved by an outlier', () => {
    const scaler = fitScaler(simple, { from: sessions[0]!, to: sessions[4]! }, { kind: 'robust', clip: 3 });
    expect(scaler.centers).toEqual([3, 7]);
    expect(scaler.scales[0]).toBeCloseTo(2 / 1.349, 4);
  });

  it('survives JSON', () => {
    const scaler = fitScaler(features, span);
    expect(scalerDigest(JSON.parse(JSON.stringify(scaler)) as typeof scaler)).toBe(scalerDigest(scaler));
  });

  it('is refused where a feature has no value, and for other features', () => {
    expect(() => fitScaler(features, { from: sessions[0]!, to: sessions[20]! })).toThrow(
      expect.objectContaining({ code: 'FEATURES_INSUFFICIENT' }),
    );
    expect(() => scaleFeatures(fitScaler(simple, first4), features)).toThrow(
      expect.objectContaining({ code: 'FEATURE_SPEC_INVALID' }),
    );
  });
});

describe('samples', () => {
  const request = { features, labels, windowSessions: 20, span } as const;

  it('are windows that end at their own session, ordered by session and symbol', () => {
    const samples = buildSamples({ ...request, reach: 'full' });
    expect(samples.places.slice(0, 3)).toEqual([
      { symbol: 'AAA', session: sessions[80] },
      { symbol: 'BBB', session: sessions[80] },
      { symbol: 'AAA', session: sessions[81] },
    ]);
    expect(samples.places).toHaveLength(2 * 71);
    expect(samples.inputs).toHaveLength(2 * 71 * 20 * 16);
    const last = samples.inputs.slice(19 * 16, 20 * 16);
    expect(last).toEqual(Float32Array.from(features.values.slice(80 * 16, 81 * 16)));
    expect(samples.labels[0]).toBe(Math.fround(labels.values[80]!));
  });

  it('begin when a whole window has warmed up', () => {
    const early = buildSamples({ ...request, span: { from: sessions[0]!, to: sessions[100]! }, reach: 'full' });
    expect(early.places[0]).toEqual({ symbol: 'AAA', session: sessions[49 + 19] });
  });

  it('that are purged end where their labels would look past the span', () => {
    const samples = buildSamples({ ...request, reach: 'purged' });
    expect(samples.places.at(-1)).toEqual({ symbol: 'BBB', session: sessions[148] });
  });

  it('that are purged, and their scaler, do not change with anything after the span', () => {
    const train = (given: readonly DailyBars[]): readonly (readonly number[])[] => {
      const table = computeFeatures({ bars: given, benchmark, spec: defaultFeatureSpec });
      const scaled = scaleFeatures(fitScaler(table, span), table);
      const samples = buildSamples({ ...request, features: scaled, labels: openToOpenLabels(given), reach: 'purged' });
      return [[...samples.inputs], [...samples.labels]];
    };
    expect(train(bars.map((one) => otherFuture(one, 150)))).toEqual(train(bars));
    expect(train(bars.map((one) => otherFuture(one, 149)))).not.toEqual(train(bars));
  });

  it('that are not purged do change, so the purge is what keeps the future out', () => {
    const given = bars.map((one) => otherFuture(one, 150));
    const full = buildSamples({ ...request, reach: 'full' });
    expect(buildSamples({ ...request, labels: openToOpenLabels(given), reach: 'full' }).labels).not.toEqual(
      full.labels,
    );
  });

  it('for prediction need no label: the last session has a window', () => {
    const { places } = buildWindows({
      features,
      windowSessions: 20,
      span: { from: sessions[199]!, to: sessions[199]! },
    });
    expect(places).toEqual([
      { symbol: 'AAA', session: sessions[199] },
      { symbol: 'BBB', session: sessions[199] },
    ]);
  });

  it('of labels of other sessions are refused', () =>
    expect(() =>
      buildSamples({ ...request, labels: openToOpenLabels(bars.map((one) => firstRows(one, 150))), reach: 'full' }),
    ).toThrow(RangeError));

  it('of no window are refused', () =>
    expect(() => buildWindows({ ...request, windowSessions: 0 })).toThrow(RangeError));
});
