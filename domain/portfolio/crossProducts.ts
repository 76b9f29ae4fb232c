import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** Series taken together: their sixteen sums fit the registers of a processor. */
const width = 4;

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
  const sums = new Float64Array(width * width);
  for (let panel = 0; panel < panels; panel += 1) {
    for (let other = panel; other < panels; other += 1) {
      sumProducts(side, { panel, other, length }, sums);
      for (let place = 0; place < sums.length; place += 1) {
        const row = panel * width + Math.floor(place / width);
        const column = other * width + (place % width);
        if (row >= size || column >= size) continue;
        values[row * size + column] = sums[place]!;
        values[column * size + row] = sums[place]!;
      }
    }
  }
  return { size, values };
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

function sumProducts(
  side: Float64Array,
  { panel, other, length }: { readonly panel: number; readonly other: number; readonly length: number },
  sums: Float64Array,
): void {
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
  let right = other * width * length;
  const end = (panel + 1) * width * length;
  for (let left = panel * width * length; left < end; left += width) {
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
}
