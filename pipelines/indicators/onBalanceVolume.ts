import { checkEqualLengths } from './series.ts';

/**
 * On-balance volume, as TA-Lib's OBV: volume added when the close rises and taken when it falls, from the first volume.
 * Source: Joseph Granville, Granville's New Key to Stock Market Profits (1963).
 * @returns shape [bars], in shares; its level depends on the first bar, so use its changes
 * @throws RangeError when lengths differ
 */
export function onBalanceVolume(closes: Float64Array, volumes: Float64Array): Float64Array {
  checkEqualLengths(closes, volumes);
  const balances = new Float64Array(closes.length);
  let balance = volumes[0] ?? 0;
  for (let bar = 0; bar < closes.length; bar += 1) {
    if (bar > 0) balance += Math.sign(closes[bar]! - closes[bar - 1]!) * volumes[bar]!;
    balances[bar] = balance;
  }
  return balances;
}
