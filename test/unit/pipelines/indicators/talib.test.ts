import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { averageDirectionalIndex } from '#pipelines/indicators/averageDirectionalIndex.ts';
import { averageTrueRange } from '#pipelines/indicators/averageTrueRange.ts';
import { bollingerBands } from '#pipelines/indicators/bollingerBands.ts';
import { commodityChannelIndex } from '#pipelines/indicators/commodityChannelIndex.ts';
import { exponentialMovingAverage } from '#pipelines/indicators/exponentialMovingAverage.ts';
import { linearRegressionSlope } from '#pipelines/indicators/linearRegressionSlope.ts';
import { moneyFlowIndex } from '#pipelines/indicators/moneyFlowIndex.ts';
import { movingAverageConvergence } from '#pipelines/indicators/movingAverageConvergence.ts';
import { onBalanceVolume } from '#pipelines/indicators/onBalanceVolume.ts';
import { rateOfChange } from '#pipelines/indicators/rateOfChange.ts';
import { relativeStrengthIndex } from '#pipelines/indicators/relativeStrengthIndex.ts';
import type { HighLowCloseVolume } from '#pipelines/indicators/series.ts';
import { simpleMovingAverage } from '#pipelines/indicators/simpleMovingAverage.ts';
import { standardDeviation } from '#pipelines/indicators/standardDeviation.ts';
import { stochasticOscillator } from '#pipelines/indicators/stochasticOscillator.ts';
import { typicalPrice } from '#pipelines/indicators/typicalPrice.ts';
import { williamsPercentRange } from '#pipelines/indicators/williamsPercentRange.ts';

const bench = new URL('../../../../../shared/bench/', import.meta.url);
const present = existsSync(bench);
if (!present)
  console.warn(`skipped: TA-Lib's values, which lie outside the repository (${bench.pathname}), are absent`);

interface Expected {
  readonly symbols: readonly number[];
  readonly last: number;
  readonly indicators: Readonly<
    Record<string, { readonly outputs: Readonly<Record<string, ExpectedColumn>> } | undefined>
  >;
}
interface ExpectedColumn {
  readonly first: number;
  readonly values: Readonly<Record<string, readonly number[]>>;
}
type Columns = Readonly<Record<string, Float64Array>>;

const ours: Readonly<Record<string, (bars: HighLowCloseVolume) => Columns>> = {
  SMA: ({ close }) => ({ real: simpleMovingAverage(close, 20) }),
  EMA: ({ close }) => ({ real: exponentialMovingAverage(close, 20) }),
  RSI: ({ close }) => ({ real: relativeStrengthIndex(close, 14) }),
  MACD: ({ close }) => {
    const { line, signal, histogram } = movingAverageConvergence(close, { fast: 12, slow: 26, signal: 9 });
    return { macd: line, macdsignal: signal, macdhist: histogram };
  },
  ATR: (bars) => ({ real: averageTrueRange(bars, 14) }),
  BBANDS: ({ close }) => {
    const { upper, middle, lower } = bollingerBands(close, { period: 20, deviations: 2 });
    return { upperband: upper, middleband: middle, lowerband: lower };
  },
  STOCH: (bars) => {
    const { slowK, slowD } = stochasticOscillator(bars, { fastK: 14, slowK: 3, slowD: 3 });
    return { slowk: slowK, slowd: slowD };
  },
  ADX: (bars) => ({ real: averageDirectionalIndex(bars, 14) }),
  OBV: ({ close, volume }) => ({ real: onBalanceVolume(close, volume) }),
  ROC: ({ close }) => ({ real: rateOfChange(close, 10) }),
  CCI: (bars) => ({ real: commodityChannelIndex(bars, 20) }),
  WILLR: (bars) => ({ real: williamsPercentRange(bars, 14) }),
  MFI: (bars) => ({ real: moneyFlowIndex(bars, 14) }),
  STDDEV: ({ close }) => ({ real: standardDeviation(close, { period: 20, lostDegrees: 0 }) }),
  LINEARREG_SLOPE: ({ close }) => ({ real: linearRegressionSlope(close, 14) }),
  TYPPRICE: (bars) => ({ real: typicalPrice(bars) }),
};

describe.skipIf(!present)('indicators equal those of TA-Lib 0.8 to 1e-9, from their first bar', () => {
  const expected = present
    ? (JSON.parse(readFileSync(new URL('expected/indicators.json', bench), 'utf8')) as Expected)
    : undefined;
  const bytes = present ? readFileSync(new URL('inputs/ohlcv50.bin', bench)) : Buffer.alloc(0);

  it.each(Object.keys(ours))('%s', (name) => {
    const columns = expected?.indicators[name]?.outputs;
    expect(columns).toBeDefined();
    for (const symbol of expected?.symbols ?? []) {
      const bars = barsOf(bytes, symbol);
      const computed = ours[name]?.(bars) ?? {};
      expect(Object.keys(computed).toSorted()).toEqual(Object.keys(columns ?? {}).toSorted());
      for (const [output, { first, values }] of Object.entries(columns ?? {})) {
        const column = computed[output] ?? new Float64Array(0);
        expect(column.findIndex((value) => !Number.isNaN(value))).toBe(first);
        const tail = column.slice(-(expected?.last ?? 0));
        expect(worstRelativeError(tail, values[String(symbol)] ?? [])).toBeLessThan(1e-9);
      }
    }
  });
});

function barsOf(bytes: Buffer, symbol: number): HighLowCloseVolume {
  const bars = 5_000;
  const field = (index: number): Float64Array =>
    Float64Array.from({ length: bars }, (_, bar) => bytes.readDoubleLE(8 * ((symbol * 5 + index) * bars + bar)));
  return { high: field(1), low: field(2), close: field(3), volume: field(4) };
}

function worstRelativeError(actual: Float64Array, wanted: readonly number[]): number {
  expect(actual).toHaveLength(wanted.length);
  return Math.max(
    ...wanted.map((value, index) => Math.abs((actual[index] ?? Number.NaN) - value) / Math.max(1, Math.abs(value))),
  );
}
