import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkParameters } from '#pipelines/indicators/checkParameters.ts';
import { computeIndicator } from '#pipelines/indicators/computeIndicator.ts';
import { indicatorOf, indicators } from '#pipelines/indicators/registry.ts';
import { barsOfSymbols, barsShape, peerTask, readBars, talibPeer } from '#test/bench/indicatorBars.ts';

const bench = new URL('../../../../../shared/bench/', import.meta.url);
const file = fileURLToPath(new URL('inputs/ohlcv50.bin', bench));
const present = existsSync(file);
if (!present)
  console.warn(`skipped: TA-Lib's values, which lie outside the repository (${bench.pathname}), are absent`);
const peerPresent = present && existsSync(talibPeer.python);
if (!peerPresent)
  console.warn('skipped: TA-Lib itself is absent (its bars, or its virtual environment: test/bench/peers/setup.sh)');

const relativeErrorMax = 1e-9;
/** Outputs that TA-Lib gives as integers: it has no NaN for them and writes 0 while it warms up. */
const integers = new Set(['integer', 'trend']);

interface Expected {
  readonly symbols: readonly number[];
  readonly last: number;
  readonly indicators: Readonly<Record<string, ExpectedIndicator>>;
}
interface ExpectedIndicator {
  readonly inputs: readonly string[];
  readonly params: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, { readonly first: number; readonly values: Record<string, number[]> }>>;
}

describe.skipIf(!present)('indicators equal the values recorded of TA-Lib 0.8 to 1e-9', () => {
  const bars = barsOfSymbols(present ? readBars(file) : new Float64Array(0));
  const expected = present
    ? (JSON.parse(readFileSync(new URL('expected/indicators.json', bench), 'utf8')) as Expected)
    : { symbols: [], last: 0, indicators: {} };

  it('all of them', () =>
    expect(indicators.map(({ name }) => name).toSorted()).toEqual(Object.keys(expected.indicators).toSorted()));

  it.each(Object.entries(expected.indicators))('%s', (name, { inputs, params, outputs }) => {
    const indicator = indicatorOf(name);
    expect(indicator.inputs).toEqual(inputs);
    expect(indicator.outputs).toEqual(Object.keys(outputs));
    for (const symbol of expected.symbols) {
      const computed = computeIndicator(indicator, bars.inputsOf(indicator, symbol), params);
      for (const [index, output] of indicator.outputs.entries()) {
        const column = computed[index]!;
        const first = column.findIndex((value) => !Number.isNaN(value));
        expect(first).toBe(integers.has(output) ? indicator.warmUp(params) : outputs[output]!.first);
        const tail = column.slice(-expected.last);
        expect(worstError(tail, outputs[output]!.values[String(symbol)]!)).toBeLessThan(relativeErrorMax);
      }
    }
  });
});

describe.skipIf(!peerPresent)('indicators equal TA-Lib over whole histories to 1e-9', () => {
  const symbols = [0, 7, 49];
  const bars = barsOfSymbols(peerPresent ? readBars(file) : new Float64Array(0));
  const theirs = peerPresent ? talibColumns(symbols) : new Float64Array(0);

  it('from the first bar to the last', () => {
    const worst = new Map<string, number>();
    let at = 0;
    for (const symbol of symbols) {
      for (const indicator of indicators) {
        const warmUp = indicator.warmUp(checkParameters(indicator, {}));
        for (const [index, column] of computeIndicator(indicator, bars.inputsOf(indicator, symbol)).entries()) {
          const wanted = theirs.subarray(at, at + column.length);
          if (integers.has(indicator.outputs[index]!)) wanted.fill(Number.NaN, 0, warmUp);
          const name = `${indicator.name} ${indicator.outputs[index]}`;
          worst.set(name, Math.max(worst.get(name) ?? 0, worstError(column, wanted)));
          at += column.length;
        }
      }
    }
    expect(at).toBe(theirs.length);
    expect([...worst].filter(([, error]) => !(error < relativeErrorMax))).toEqual([]);
  });
});

function talibColumns(symbols: readonly number[]): Float64Array {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-talib-'));
  try {
    const output = path.join(folder, 'columns');
    const input = `${JSON.stringify(peerTask(file))}\n${JSON.stringify({ symbols, output })}\n`;
    const { status, stderr } = spawnSync(talibPeer.python, [talibPeer.script], { input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`TA-Lib ended with ${status}: ${stderr}`);
    const bytes = readFileSync(output);
    expect(bytes.length % (8 * barsShape[2])).toBe(0);
    return new Float64Array(new Uint8Array(bytes).buffer);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Relative to the wanted figure, or to 1 where that is smaller; infinite where only one of the two is NaN. */
function worstError(actual: Float64Array, wanted: ArrayLike<number>): number {
  expect(actual).toHaveLength(wanted.length);
  return actual.reduce((worst, value, index) => {
    const figure = wanted[index]!;
    if (Number.isNaN(value) || Number.isNaN(figure)) {
      return Number.isNaN(value) && Number.isNaN(figure) ? worst : Number.POSITIVE_INFINITY;
    }
    return Math.max(worst, Math.abs(value - figure) / Math.max(1, Math.abs(figure)));
  }, 0);
}
