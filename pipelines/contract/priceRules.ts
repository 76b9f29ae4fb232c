import type { DailyBars } from '#domain/bars.ts';
import { dropRows } from '../barRows.ts';
import type { ContractRules } from './contractRules.ts';
import { reportable, type Finding } from './finding.ts';
import type { RuleOutcome } from './sessionRules.ts';

const rawPriceColumns = ['open', 'high', 'low', 'close'] as const;

/** Skips rows with a price that is not finite and positive, or a volume that is not finite and at least 0. */
export function usableFigures(bars: DailyBars): RuleOutcome {
  // Where actions are named the adjusted closes are made from them, whatever the vendor's are.
  const priceColumns = bars.actions ? rawPriceColumns : ([...rawPriceColumns, 'adjustedClose'] as const);
  const { symbol, sessions, volume: volumes } = bars;
  const prices = priceColumns.map((column) => bars[column]);
  const lost: number[] = [];
  const findings: Finding[] = [];
  for (let row = 0; row < sessions.length; row += 1) {
    const volume = volumes[row]!;
    const volumeBad = !(volume >= 0 && volume < Infinity);
    if (!volumeBad && prices.every((column) => isPrice(column[row]!))) continue;
    lost.push(row);
    const bad = priceColumns.filter((column) => !isPrice(bars[column][row]!));
    const figures = Object.fromEntries(bad.map((column) => [column, reportable(bars[column][row]!)]));
    const at = { symbol, session: sessions[row]!, action: 'skipped' } as const;
    if (bad.length > 0) findings.push({ rule: 'priceInvalid', figures, ...at });
    if (volumeBad) findings.push({ rule: 'volumeInvalid', figures: { volume: reportable(volume) }, ...at });
  }
  return { bars: dropRows(bars, lost), findings };
}

function isPrice(value: number): boolean {
  return value > 0 && value < Infinity;
}

/**
 * Open and close lie within low and high, also after adjustment, which moves all four by one factor; a close outside
 * its range by more than rounding is the mark of a source that adjusted the close alone. Small excursions widen the
 * range, larger ones lose the row.
 * @param bars finite and positive
 */
export function pricesWithinRange(bars: DailyBars, rules: ContractRules): RuleOutcome {
  const { symbol, sessions, open, close } = bars;
  const high = bars.high.slice();
  const low = bars.low.slice();
  const lost: number[] = [];
  const findings: Finding[] = [];
  for (let row = 0; row < sessions.length; row += 1) {
    // Nearly every row: both within.
    const [least, most] = [Math.min(open[row]!, close[row]!), Math.max(open[row]!, close[row]!)];
    if (low[row]! <= least && most <= high[row]!) continue;
    const at = { symbol, session: sessions[row]! };
    if (low[row]! > high[row]! * (1 + rules.rangeNoiseFraction)) {
      const figures = { high: high[row]!, low: low[row]! };
      findings.push({ rule: 'rangeOrder', ...at, figures, action: 'skipped' });
      lost.push(row);
      continue;
    }
    const outside = (['open', 'close'] as const).map((column) => ({ column, fraction: excursion(bars, column, row) }));
    const skipped = outside.some(({ fraction }) => fraction > rules.rangeRepairFractionMax);
    for (const { column, fraction } of outside.filter(({ fraction }) => fraction > rules.rangeNoiseFraction)) {
      findings.push({
        rule: column === 'open' ? 'openOutsideRange' : 'closeOutsideRange',
        ...at,
        figures: { [column]: bars[column][row]!, high: bars.high[row]!, low: bars.low[row]!, fraction },
        action: skipped ? 'skipped' : 'repaired',
      });
    }
    if (skipped) {
      lost.push(row);
      continue;
    }
    // Noise below the reporting threshold is left as the source gave it.
    if (outside.every(({ fraction }) => fraction <= rules.rangeNoiseFraction)) continue;
    high[row] = Math.max(high[row]!, most);
    low[row] = Math.min(low[row]!, least);
  }
  return { bars: findings.length === 0 ? bars : dropRows({ ...bars, high, low }, lost), findings };
}

/** How far a price lies outside its bar's range, as a fraction of the bound it passed; 0 inside. */
function excursion(bars: DailyBars, column: 'open' | 'close', row: number): number {
  const price = bars[column][row]!;
  return Math.max(price / bars.high[row]! - 1, 1 - price / bars.low[row]!, 0);
}
