import { array, assert, float, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat16 } from '#models/onnx/float16.ts';
import { quantiseColumns } from '#models/onnx/quantise.ts';

/** A half's value, from its definition. */
function valueOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

describe('halves', () => {
  it.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65_504, 0x7bff],
    [65_520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [2 ** -14, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NaN, 0x7e00],
  ])('%d has the bits of the standard', (value, bits) =>
    expect(toFloat16(Float32Array.of(value))).toEqual(Uint16Array.of(bits)),
  );

  it('are the nearest of all halves, and keep every half', () => {
    assert(
      property(float({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
        const bits = toFloat16(Float32Array.of(value))[0]!;
        const distance = Math.abs(valueOf(bits) - value);
        const neighbours = [bits - 1, bits + 1].filter((other) => (other & 0x7fff) <= 0x7bff && other >= 0);
        for (const other of neighbours) expect(Math.abs(valueOf(other) - value)).toBeGreaterThanOrEqual(distance);
      }),
    );
    assert(
      property(integer({ min: 0, max: 0x7bff }), (bits) => {
        expect(toFloat16(Float32Array.of(valueOf(bits)))[0]).toBe(bits);
      }),
    );
  });
});

describe('a quantised matrix', () => {
  it('is off by half a step of its column at most, and uses seven bits', () => {
    const values = array(float({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 6 });
    assert(
      property(values, (given) => {
        const { values: whole, scales } = quantiseColumns(Float32Array.from(given), 2);
        for (const [at, value] of given.entries()) {
          const step = scales[at % 2]!;
          expect(Math.abs(whole[at]!)).toBeLessThanOrEqual(63);
          expect(Math.abs(whole[at]! * step - value)).toBeLessThanOrEqual(step * 0.5001);
        }
      }),
    );
  });
});
