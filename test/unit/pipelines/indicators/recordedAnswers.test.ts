import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCsv } from '#infra/files/csvColumns.ts';
import { computeIndicator } from '#pipelines/indicators/computeIndicator.ts';
import type { IndicatorParameters } from '#pipelines/indicators/indicator.ts';
import { indicatorOf } from '#pipelines/indicators/registry.ts';

const folder = fileURLToPath(new URL('../../../../../shared/data/known_answers/stock_indicators/', import.meta.url));
const present = existsSync(folder);
if (!present)
  console.warn(`skipped: recorded answers of another library, which lie outside the repository, are absent`);

/** An indicator of ours beside the answers another library recorded for the same bars. */
interface RecordedAnswer {
  /** The recording's name. */
  readonly file: string;
  readonly name: string;
  readonly parameters?: IndicatorParameters;
  /** Our output by the recording's field. */
  readonly outputs: Readonly<Record<string, string>>;
  /** First row to compare: averages that the two libraries seed differently have met by then. */
  readonly from?: number;
  /** Rows that ours comes after the recording: it leaves the newest bar out (negative), or looks ahead (positive). */
  readonly later?: number;
  /** What the recording leaves out of ours. */
  readonly less?: number;
}

const errorMax = 1e-9;

// Left out are those that the other library defines otherwise: ADXR lags a bar more, CMO sums where Wilder smooths, the
// centre of KC is an average of closes, K of KDJ a plain average, SAR, MAMA and the Hilbert transform begin elsewhere.
const answers: readonly RecordedAnswer[] = [
  { file: 'adl', name: 'AD', outputs: { adl: 'real' } },
  { file: 'adx', name: 'ADX', outputs: { adx: 'real' }, from: 350 },
  { file: 'adx', name: 'DX', outputs: { dx: 'real' }, from: 350 },
  { file: 'adx', name: 'PLUS_DI', outputs: { pdi: 'real' }, from: 350 },
  { file: 'adx', name: 'MINUS_DI', outputs: { mdi: 'real' }, from: 350 },
  // Of equals the other library counts the earliest; there are none that late.
  { file: 'aroon', name: 'AROON', outputs: { aroonUp: 'aroonup', aroonDown: 'aroondown' }, from: 250 },
  { file: 'aroon', name: 'AROONOSC', outputs: { oscillator: 'real' }, from: 250 },
  { file: 'atr', name: 'ATR', outputs: { atr: 'real' } },
  { file: 'atr', name: 'NATR', outputs: { atrp: 'real' } },
  { file: 'tr', name: 'TRANGE', outputs: { tr: 'real' } },
  { file: 'awesome', name: 'AO', outputs: { oscillator: 'real' } },
  {
    file: 'bb',
    name: 'BBANDS',
    outputs: { upperBand: 'upperband', sma: 'middleband', lowerBand: 'lowerband' },
  },
  { file: 'cci', name: 'CCI', outputs: { cci: 'real' } },
  { file: 'chaikin-osc', name: 'ADOSC', outputs: { oscillator: 'real' }, from: 150 },
  { file: 'cmf', name: 'CMF', outputs: { cmf: 'real' } },
  { file: 'dema', name: 'DEMA', parameters: { timeperiod: 14 }, outputs: { dema: 'real' }, from: 200 },
  {
    file: 'donchian',
    name: 'DONCHIAN',
    outputs: { upperBand: 'upperband', centerline: 'middleband', lowerBand: 'lowerband' },
    later: -1,
  },
  { file: 'dpo', name: 'DPO', parameters: { timeperiod: 14 }, outputs: { dpo: 'real' }, later: 8 },
  { file: 'ema', name: 'EMA', outputs: { ema: 'real' } },
  { file: 'epma', name: 'LINEARREG', parameters: { timeperiod: 10 }, outputs: { epma: 'real' } },
  { file: 'force', name: 'EFI', parameters: { timeperiod: 2 }, outputs: { forceIndex: 'real' } },
  { file: 'hma', name: 'HMA', parameters: { timeperiod: 14 }, outputs: { hma: 'real' } },
  { file: 'kama', name: 'KAMA', outputs: { kama: 'real' }, from: 50 },
  { file: 'macd', name: 'MACD', outputs: { macd: 'macd', signal: 'macdsignal', histogram: 'macdhist' }, from: 250 },
  { file: 'mfi', name: 'MFI', outputs: { mfi: 'real' } },
  { file: 'obv', name: 'OBV', outputs: { obv: 'real' }, less: 96_708_880 },
  { file: 'roc', name: 'ROC', parameters: { timeperiod: 14 }, outputs: { roc: 'real' } },
  { file: 'roc', name: 'MOM', parameters: { timeperiod: 14 }, outputs: { momentum: 'real' } },
  { file: 'rsi', name: 'RSI', outputs: { rsi: 'real' } },
  { file: 'slope', name: 'LINEARREG_SLOPE', outputs: { slope: 'real' } },
  { file: 'sma', name: 'SMA', outputs: { sma: 'real' } },
  { file: 'smma', name: 'RMA', outputs: { smma: 'real' } },
  { file: 'stdev', name: 'STDDEV', parameters: { timeperiod: 14 }, outputs: { stdDev: 'real' } },
  // The other library gives its first rows while the smoothing still misses bars.
  { file: 'stoch', name: 'STOCH', outputs: { oscillator: 'slowk', signal: 'slowd' }, from: 17 },
  {
    file: 'stoch-rsi',
    name: 'STOCHRSI',
    parameters: { fastk_period: 14 },
    outputs: { stochRsi: 'fastk', signal: 'fastd' },
    from: 29,
  },
  { file: 'supertrend', name: 'SUPERTREND', outputs: { superTrend: 'supertrend' } },
  { file: 't3', name: 'T3', outputs: { t3: 'real' }, from: 60 },
  { file: 'tema', name: 'TEMA', outputs: { tema: 'real' }, from: 250 },
  { file: 'trix', name: 'TRIX', parameters: { timeperiod: 14 }, outputs: { trix: 'real' }, from: 250 },
  { file: 'tsi', name: 'TSI', outputs: { tsi: 'real' } },
  { file: 'uo', name: 'ULTOSC', outputs: { ultimate: 'real' } },
  { file: 'vortex', name: 'VORTEX', outputs: { pvi: 'plusvi', nvi: 'minusvi' } },
  { file: 'vwap', name: 'VWAP', outputs: { vwap: 'real' } },
  { file: 'vwma', name: 'VWMA', parameters: { timeperiod: 14 }, outputs: { vwma: 'real' } },
  { file: 'willr', name: 'WILLR', outputs: { williamsR: 'real' } },
  { file: 'wma', name: 'WMA', parameters: { timeperiod: 14 }, outputs: { wma: 'real' } },
];

const bars = present
  ? readCsv(readFileSync(path.join(folder, 'quotes/default.csv')), (name) => (name === 'date' ? 'text' : 'figure'))
  : undefined;

function recorded(file: string, field: string): Float64Array {
  const rows = JSON.parse(
    readFileSync(path.join(folder, `results/${file}.standard.json`), 'utf8'),
  ) as readonly Readonly<Record<string, number | null>>[];
  return Float64Array.from(rows, (row) => row[field] ?? Number.NaN);
}

describe.skipIf(!present)('indicators equal what another library recorded of two years of SPY to 1e-9', () => {
  it.each(answers.map((answer) => [answer.name, answer] as const))('%s', (name, answer) => {
    const { file, parameters = {}, outputs, from = 0, later = 0, less = 0 } = answer;
    const indicator = indicatorOf(name);
    const computed = computeIndicator(
      indicator,
      indicator.inputs.map((field) => bars!.figures.get(field)!),
      parameters,
    );
    for (const [field, output] of Object.entries(outputs)) {
      const ours = computed[indicator.outputs.indexOf(output)]!;
      let compared = 0;
      for (const [row, wanted] of recorded(file, field).entries()) {
        const value = ours[row + later];
        if (row < from || Number.isNaN(wanted) || value === undefined) continue;
        compared += 1;
        const error = Math.abs(value - less - wanted) / Math.max(1, Math.abs(wanted));
        expect(error, `${name} ${field}, row ${row}: ${value} beside ${wanted}`).toBeLessThan(errorMax);
      }
      expect(compared, `${name} ${field}`).toBeGreaterThan(80);
    }
  });
});
