import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** Series taken together: their sixteen sums fit the registers of a processor. */
const width = 4;
/** Observations taken at a time: those of 500 series stay in a processor's cache. */
const stretch = 256;

/**
 * Sums of products of every two series. Four series at a time are laid side by side and met with four others, so that
 * eight figures read from memory serve sixteen products.
 * @param series shape [size][observations], all of one length
 * @throws RangeError for series of different lengths
 */
export function crossProducts(series: readonly Float64Array[]): SymmetricMatrix {
  const size = series.length;
  const length = series[0]?.length ?? 0;
  if (series.some((one) => one.length !== length)) throw new RangeError('series of different lengths');
  const panels = Math.ceil(size / width);
  const side = sideBySide(series, length);
  const values = new Float64Array(size * size);
  for (let from = 0; from < length; from += stretch) {
    const to = Math.min(length, from + stretch);
    for (let panel = 0; panel < panels; panel += 1) {
      for (let other = panel; other < panels; other += 1) {
        const left = (panel * length + from) * width;
        addProducts(
          values,
          { panel, other, size },
          sumProducts(side, [left, (other * length + from) * width, to - from]),
        );
      }
    }
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) values[row * size + column] = values[column * size + row]!;
  }
  return { size, values };
}

const sums = new Float64Array(width * width);

function addProducts(
  values: Float64Array,
  { panel, other, size }: { readonly panel: number; readonly other: number; readonly size: number },
  products: Float64Array,
): void {
  for (let row = panel * width; row < Math.min(size, (panel + 1) * width); row += 1) {
    for (let column = other * width; column < Math.min(size, (other + 1) * width); column += 1) {
      values[row * size + column]! += products[(row - panel * width) * width + column - other * width]!;
    }
  }
}

/** Shape [panels, observations, width]; series missing in the last panel are zero. */
function sideBySide(series: readonly Float64Array[], length: number): Float64Array {
  const side = new Float64Array(Math.ceil(series.length / width) * width * length);
  series.forEach((one, index) => {
    const from = (index - (index % width)) * length + (index % width);
    for (let time = 0; time < length; time += 1) side[from + time * width] = one[time]!;
  });
  return side;
}

/** Sums of the products of two panels from a place in each on; the array is the next call's too. */
function sumProducts(side: Float64Array, [from, other, length]: readonly [number, number, number]): Float64Array {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  let right = other;
  const end = from + width * length;
  for (let left = from; left < end; left += width) {
    const b0 = side[right]!;
    const b1 = side[right + 1]!;
    const b2 = side[right + 2]!;
    const b3 = side[right + 3]!;
    let a = side[left]!;
    s00 += a * b0;
    s01 += a * b1;
    s02 += a * b2;
    s03 += a * b3;
    a = side[left + 1]!;
    s10 += a * b0;
    s11 += a * b1;
    s12 += a * b2;
    s13 += a * b3;
    a = side[left + 2]!;
    s20 += a * b0;
    s21 += a * b1;
    s22 += a * b2;
    s23 += a * b3;
    a = side[left + 3]!;
    s30 += a * b0;
    s31 += a * b1;
    s32 += a * b2;
    s33 += a * b3;
    right += width;
  }
  sums.set([s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33]);
  return sums;
}
