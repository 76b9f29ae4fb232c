import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest } from '#domain/digest.ts';
import { completeRows, type FeatureTable } from '#pipelines/featureTable.ts';
import { computeFeatures, defaultFeatureSpec, featureDigest } from '#pipelines/features.ts';
import type { FeatureDefinition, FeatureSpec } from '#pipelines/features/featureSpec.ts';
import { modelKinds } from '#pipelines/features/kinds/registry.ts';
import { featuresToTable, tableToFeatures } from '#pipelines/tables.ts';
import { firstRows, randomBars, randomBenchmark, weekdays } from './randomBars.ts';

const sessions = weekdays(160);
const bars = [randomBars('AAA', sessions, 1), randomBars('BBB', sessions, 2)];
const benchmark = randomBenchmark(sessions, 3);

/** Every kind that models read, with small look-backs. */
const everyIndicator: FeatureSpec = {
  features: modelKinds.map(({ name: indicator, parameters }) => ({
    name: indicator,
    indicator,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, rule], index) => [name, rule.kind === 'real' ? 2 : 5 + 3 * index]),
    ),
  })),
};

/** One feature of one symbol, over the table's sessions. */
function columnOf(table: FeatureTable, symbol: number, feature: number): readonly number[] {
  const { names, values } = table;
  return table.sessions.map((_, row) => values[(symbol * table.sessions.length + row) * names.length + feature]!);
}

describe('no feature looks ahead', () => {
  const whole = computeFeatures({ bars, benchmark, spec: everyIndicator });
  it.each(everyIndicator.features.map(({ name }, feature) => [name, feature] as const))(
    'truncating the future never changes the past of %s',
    (_, feature) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 159 }), (count) => {
          const past = computeFeatures({
            bars: bars.map((symbolBars) => firstRows(symbolBars, count)),
            benchmark: { sessions: sessions.slice(0, count), close: benchmark.close.slice(0, count) },
            spec: { features: [everyIndicator.features[feature]!] },
          });
          for (const symbol of [0, 1]) {
            expect(columnOf(past, symbol, 0)).toEqual(columnOf(whole, symbol, feature).slice(0, count));
          }
        }),
        { numRuns: 40 },
      );
    },
  );

  it.each(everyIndicator.features.map(({ name }, feature) => [name, feature] as const))(
    'a dividend to come, which rescales all adjusted prices before it, does not change %s',
    (_, feature) => {
      const rescaled = bars.map((one) => ({ ...one, adjustedClose: one.adjustedClose.map((price) => price * 0.9) }));
      const later = computeFeatures({ bars: rescaled, benchmark, spec: everyIndicator });
      const worst = Math.max(
        ...columnOf(whole, 0, feature).map((value, row) =>
          Number.isNaN(value) ? 0 : Math.abs(value - columnOf(later, 0, feature)[row]!),
        ),
      );
      expect(worst).toBeLessThan(1e-8);
    },
  );
});

describe('computed features', () => {
  const table = computeFeatures({ bars: bars.toReversed(), benchmark, spec: defaultFeatureSpec });

  it('are sixteen a session by default, symbols sorted', () => {
    expect(table.symbols).toEqual(['AAA', 'BBB']);
    expect(table.names).toHaveLength(16);
    expect(table.values).toHaveLength(2 * 160 * 16);
  });

  it('are all present once the longest warm-up is over, and never infinite', () => {
    expect(completeRows(table)).toBe(2 * (160 - 49));
    expect(table.values.some((value) => Math.abs(value) === Infinity)).toBe(false);
  });

  it('take dividends back: the return is that of the adjusted close', () => {
    const returns = columnOf(table, 0, table.names.indexOf('return1'));
    expect(returns[100]).toBeCloseTo(bars[0]!.adjustedClose[100]! / bars[0]!.adjustedClose[99]! - 1, 12);
  });

  it('measure against the benchmark of the same session', () => {
    const market = columnOf(table, 0, table.names.indexOf('benchmarkReturn5'));
    expect(market[50]).toBeCloseTo(benchmark.close[50]! / benchmark.close[45]! - 1, 12);
  });

  it('are absent where the benchmark has no close, and where a symbol has no bar', () => {
    const young = { ...firstRows(bars[1]!, 100) };
    const withGap = {
      sessions: sessions.filter((_, row) => row !== 50),
      close: benchmark.close.filter((_, row) => row !== 50),
    };
    const partial = computeFeatures({ bars: [bars[0]!, young], benchmark: withGap, spec: defaultFeatureSpec });
    const market = columnOf(partial, 0, partial.names.indexOf('benchmarkReturn5'));
    expect([market[49], market[50], market[51], market[55], market[56]].map(Number.isNaN)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(columnOf(partial, 1, 0).slice(100).every(Number.isNaN)).toBe(true);
  });

  it('survive a table', () => expect(tableToFeatures(featuresToTable(table))).toEqual(table));
});

describe('the digest of features', () => {
  const snapshot = digest('0'.repeat(64));
  it('changes with the snapshot and with any parameter, and with nothing else', () => {
    const wanted = featureDigest(snapshot, defaultFeatureSpec);
    const copy = JSON.parse(JSON.stringify(defaultFeatureSpec)) as FeatureSpec;
    const other = { features: copy.features.with(0, { ...copy.features[0]!, parameters: { sessions: 2 } }) };
    expect(featureDigest(snapshot, copy)).toBe(wanted);
    expect(featureDigest(snapshot, other)).not.toBe(wanted);
    expect(featureDigest(digest('1'.repeat(64)), copy)).not.toBe(wanted);
  });
});

describe('a feature set is refused', () => {
  const rsi: FeatureDefinition = { name: 'rsi', indicator: 'relativeStrengthIndex', parameters: { period: 14 } };
  it.each([
    ['without a feature', []],
    ['of bars shorter than a day', [{ ...rsi, timeframe: '5m' as const }]],
    ['with a figure that daily bars do not have', [{ name: 'x', indicator: 'depthImbalance', parameters: {} }]],
    ['with observations', [{ name: 'x', indicator: 'hoursToEvent', inputs: ['releases'], parameters: {} }]],
    ['with a name twice', [rsi, rsi]],
    ['with a name that a table’s own column has', [{ ...rsi, name: 'session' }]],
    ['with an unknown indicator', [{ ...rsi, indicator: 'crystalBall' }]],
    ['with an indicator named like a method of objects', [{ ...rsi, indicator: 'toString' }]],
    ['with an unknown parameter', [{ ...rsi, parameters: { period: 14, length: 3 } }]],
    ['without a parameter', [{ ...rsi, parameters: {} }]],
    ['with half a session', [{ ...rsi, parameters: { period: 2.5 } }]],
    ['with a period too short to mean anything', [{ ...rsi, parameters: { period: 1 } }]],
    ['with a band of no width', [{ name: 'b', indicator: 'bandPosition', parameters: { period: 20, deviations: 0 } }]],
    [
      'with averages the wrong way round',
      [{ name: 'm', indicator: 'convergenceHistogram', parameters: { fast: 9, slow: 9, signal: 3 } }],
    ],
  ])('%s', (_, features) =>
    expect(() => computeFeatures({ bars, benchmark, spec: { features } })).toThrow(
      expect.objectContaining({ code: 'FEATURE_SPEC_INVALID' }),
    ),
  );
});
