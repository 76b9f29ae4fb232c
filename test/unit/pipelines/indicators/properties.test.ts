import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeIndicator } from '#pipelines/indicators/computeIndicator.ts';
import type { Columns, Indicator } from '#pipelines/indicators/indicator.ts';
import { IndicatorStream } from '#pipelines/indicators/indicatorStream.ts';
import { indicatorOf, indicators } from '#pipelines/indicators/registry.ts';

const fields = ['open', 'high', 'low', 'close', 'volume'] as const;
const barsMax = 160;

type Bars = Readonly<Record<(typeof fields)[number], Float64Array>>;

/** Bars on a coarse grid, so that ties, still stretches and bars without volume come often. */
const bars: fc.Arbitrary<Bars> = fc
  .array(fc.record({ step: fc.integer({ min: -3, max: 3 }), above: fc.nat(2), below: fc.nat(2), volume: fc.nat(4) }), {
    minLength: 1,
    maxLength: barsMax,
    size: 'max',
  })
  .map((steps) => {
    let price = 40;
    const rows = steps.map(({ step, above, below, volume }) => {
      const open = price;
      price = Math.max(5, price + step);
      return [open, Math.max(open, price) + above, Math.min(open, price) - below, price, volume * 50];
    });
    const column = (index: number): Float64Array => Float64Array.from(rows, (row) => row[index]!);
    return { open: column(0), high: column(1), low: column(2), close: column(3), volume: column(4) };
  });

function inputsOf(indicator: Indicator, given: Bars): Columns {
  return indicator.inputs.map((field) => given[field]);
}

/** Parameters short enough that every indicator gets past its warm-up. */
function shortParameters(indicator: Indicator): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(indicator.parameters).map(([name, rule]) => {
      const short = rule.kind === 'whole' && rule.default > 1;
      return [name, short ? Math.max(rule.min, Math.ceil(rule.default / 4)) : rule.default];
    }),
  );
}

/** Every bar handed to a stream, one after the other. */
function streamed(indicator: Indicator, inputs: Columns, parameters: Readonly<Record<string, number>>): Columns {
  const stream = new IndicatorStream(indicator, parameters);
  const outputs = indicator.outputs.map(() => new Float64Array(inputs[0]!.length));
  const values = new Float64Array(outputs.length);
  for (let row = 0; row < inputs[0]!.length; row += 1) {
    stream.push(
      Float64Array.from(inputs, (column) => column[row]!),
      values,
    );
    for (const [index, output] of outputs.entries()) output[row] = values[index]!;
  }
  return outputs;
}

const each = indicators.map((indicator) => [indicator.name, indicator] as const);

describe.each(each)('%s', (_, indicator) => {
  const parameters = shortParameters(indicator);
  const warmUp = indicator.warmUp(parameters);

  it('gives bar by bar what it gives of the whole, bit for bit', () =>
    fc.assert(
      fc.property(bars, (given) => {
        const inputs = inputsOf(indicator, given);
        expect(streamed(indicator, inputs, parameters)).toEqual(computeIndicator(indicator, inputs, parameters));
      }),
      { numRuns: 25 },
    ));

  it('never looks ahead: without the future the past is the same', () =>
    fc.assert(
      fc.property(bars, fc.nat(barsMax), (given, length) => {
        const inputs = inputsOf(indicator, given);
        const past = inputs.map((column) => column.slice(0, length));
        const whole = computeIndicator(indicator, inputs, parameters).map((column) => column.slice(0, length));
        expect(computeIndicator(indicator, past, parameters)).toEqual(whole);
      }),
      { numRuns: 25 },
    ));

  it(`warms up for so many bars as it says, and is never infinite`, () =>
    fc.assert(
      fc.property(bars, (given) => {
        for (const column of computeIndicator(indicator, inputsOf(indicator, given), parameters)) {
          expect(column.slice(0, warmUp).every(Number.isNaN)).toBe(true);
          expect(column.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toBe(false);
          // Only an average weighted by volume has nothing to say where nothing trades.
          expect(column.slice(warmUp).some(Number.isNaN) && indicator.name !== 'VWMA').toBe(false);
        }
      }),
      { numRuns: 25 },
    ));

  it('begins anew after a hole, in a whole history and bar by bar', () =>
    fc.assert(
      fc.property(bars, fc.nat(barsMax), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY), (given, at, hole) => {
        const inputs = inputsOf(indicator, given);
        const holed = inputs.map((column, index) =>
          index === 0 ? column.map((value, row) => (row === at ? hole : value)) : column,
        );
        const whole = computeIndicator(indicator, holed, parameters);
        expect(streamed(indicator, holed, parameters)).toEqual(whole);
        if (at >= inputs[0]!.length) return;
        for (const column of whole) expect(column[at]).toBeNaN();
        const after = holed.map((column) => column.slice(at + 1));
        expect(whole.map((column) => column.slice(at + 1))).toEqual(computeIndicator(indicator, after, parameters));
      }),
      { numRuns: 25 },
    ));

  it('leaves its inputs as they are', () => {
    const inputs = indicator.inputs.map((_, index) =>
      Float64Array.from({ length: 90 }, (_, row) => 50 + index + (row % 7)),
    );
    const copies = inputs.map((column) => column.slice());
    computeIndicator(indicator, inputs, parameters);
    expect(inputs).toEqual(copies);
  });

  it('refuses parameters out of their ranges', () => {
    const column = indicator.inputs.map(() => new Float64Array(3));
    for (const [name, { kind, min, max }] of Object.entries(indicator.parameters)) {
      const refused = [
        min - 1,
        max + 1,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        ...(kind === 'whole' ? [min + 0.5] : []),
      ];
      for (const value of refused) {
        expect(() => computeIndicator(indicator, column, { [name]: value })).toThrow(
          expect.objectContaining({ code: 'INDICATOR_PARAMETERS_INVALID' }),
        );
      }
    }
    expect(() => computeIndicator(indicator, column, { length: 3 })).toThrow(
      expect.objectContaining({ code: 'INDICATOR_PARAMETERS_INVALID' }),
    );
  });
});

describe('indicators', () => {
  it('are 78, no two of a name', () => expect(new Set(indicators.map(({ name }) => name)).size).toBe(78));
  it('of an unknown name are refused', () =>
    expect(() => indicatorOf('CRYSTALBALL')).toThrow(expect.objectContaining({ code: 'INDICATOR_UNKNOWN' })));
  it('refuse columns that differ in length, and too few', () => {
    const two = [new Float64Array(3), new Float64Array(4)];
    expect(() => computeIndicator(indicatorOf('OBV'), two)).toThrow('differ in length');
    expect(() => computeIndicator(indicatorOf('OBV'), [two[0]!])).toThrow(RangeError);
  });
  it('of no bars at all are empty', () =>
    expect(computeIndicator(indicatorOf('MACD'), [new Float64Array(0)]).map(({ length }) => length)).toEqual([
      0, 0, 0,
    ]));
});
