import { panelProducts, panelWidth } from './panelProducts.ts';
import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** Observations taken at a time at most: those of two panels stay in a processor's nearest cache. */
const stretchMax = 256;

/**
 * Sums of products of every two series. Four series at a time are laid side by side and met with four others, so that
 * eight figures read from memory serve sixteen products. Up to 256 observations are added one after another, then the
 * next ones.
 * @param series shape [size][observations], all of one length
 * @throws RangeError for series of different lengths
 */
export function crossProducts(series: readonly Float64Array[]): SymmetricMatrix {
  const size = series.length;
  const length = series[0]?.length ?? 0;
  if (series.some((one) => one.length !== length)) throw new RangeError('series of different lengths');
  const { panels, found, multiply } = panelProducts();
  const count = Math.ceil(size / panelWidth);
  const stretch = Math.min(stretchMax, Math.floor(panels.length / (count * panelWidth)));
  const values = new Float64Array(size * size);
  for (let from = 0; from < length; from += stretch) {
    const to = Math.min(length, from + stretch);
    const panelSize = (to - from) * panelWidth;
    laySideBySide(series, { from, to, panels });
    for (let panel = 0; panel < count; panel += 1) {
      for (let other = panel; other < count; other += 1) {
        multiply(panel * panelSize, other * panelSize, to - from);
        addProducts(values, { panel, other, size }, found);
      }
    }
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) values[row * size + column] = values[column * size + row]!;
  }
  return { size, values };
}

function addProducts(
  values: Float64Array,
  { panel, other, size }: { readonly panel: number; readonly other: number; readonly size: number },
  products: Float64Array,
): void {
  const rows = Math.min(panelWidth, size - panel * panelWidth);
  const columns = Math.min(panelWidth, size - other * panelWidth);
  for (let row = 0; row < rows; row += 1) {
    const at = (panel * panelWidth + row) * size + other * panelWidth;
    for (let column = 0; column < columns; column += 1) values[at + column]! += products[row * panelWidth + column]!;
  }
}

/** Lays panels one after another; what the last one holds in place of missing series is multiplied, but not read. */
function laySideBySide(
  series: readonly Float64Array[],
  { from, to, panels }: { readonly from: number; readonly to: number; readonly panels: Float64Array },
): void {
  series.forEach((one, index) => {
    let at = (index - (index % panelWidth)) * (to - from) + (index % panelWidth);
    for (let time = from; time < to; time += 1) {
      panels[at] = one[time]!;
      at += panelWidth;
    }
  });
}
