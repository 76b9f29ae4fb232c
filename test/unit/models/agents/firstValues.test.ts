import { describe, expect, it } from 'vitest';
import { orthogonal, uniformByInputs } from '#models/agents/firstValues.ts';
import { RandomSource } from '#models/randomSource.ts';

const place = (...shape: number[]) => ({ name: 'kernel', shape, fanIn: 25, layer: 'hidden' }) as const;

describe('first values', () => {
  it.each([
    ['more rows than columns', 7, 3],
    ['more columns than rows', 3, 7],
    ['a square', 5, 5],
  ])('are orthogonal, of the length of the gain: %s', (_, rows, columns) => {
    const gain = 1.5;
    const values = orthogonal(place(rows, columns), gain, new RandomSource(1, 0));
    const [count, length, at] =
      rows < columns
        ? [rows, columns, (vector: number, element: number) => values[vector * columns + element]!]
        : [columns, rows, (vector: number, element: number) => values[element * columns + vector]!];
    for (let a = 0; a < count; a += 1) {
      for (let b = 0; b < count; b += 1) {
        let product = 0;
        for (let element = 0; element < length; element += 1) product += at(a, element) * at(b, element);
        expect(product).toBeCloseTo(a === b ? gain ** 2 : 0, 5);
      }
    }
  });

  it('are zeros for a bias that begins orthogonal', () => {
    expect(orthogonal(place(4), 2, new RandomSource(1, 0))).toEqual(new Float32Array(4));
  });

  it('fill the range that the number of inputs sets, evenly', () => {
    const values = uniformByInputs(place(100, 100), new RandomSource(1, 0));
    expect(Math.max(...values)).toBeCloseTo(0.2, 3);
    expect(Math.min(...values)).toBeCloseTo(-0.2, 3);
    expect(values.reduce((sum, value) => sum + value ** 2, 0) / values.length).toBeCloseTo(0.04 / 3, 3);
  });
});
