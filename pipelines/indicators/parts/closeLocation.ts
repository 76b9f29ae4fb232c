/**
 * Where in the bar's range the close lies, -1 at the low to 1 at the high; 0 without a range.
 * Source: Marc Chaikin's money flow multiplier.
 */
export function closeLocation(high: number, low: number, close: number): number {
  const range = high - low;
  return range > 0 ? (close - low - (high - close)) / range : 0;
}
