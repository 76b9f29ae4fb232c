import type { TradeCondition } from '#domain/tradeConditions.ts';

// Bits of AlgoSeek's sale condition as LEAN names them (TradeConditionFlags); 27, 30 change nothing: an election of
// NYSE orders that may set every price, and one that AlgoSeek does not describe.
const wordsByBit: Readonly<Record<number, TradeCondition>> = {
  0: 'regular',
  1: 'cash',
  2: 'nextDay',
  3: 'seller',
  4: 'yellowFlag',
  5: 'intermarketSweep',
  6: 'opening',
  7: 'closing',
  8: 'reopening',
  9: 'derivativelyPriced',
  10: 'extendedHours',
  11: 'soldLast',
  12: 'stopped',
  13: 'extendedHours',
  14: 'soldOutOfSequence',
  15: 'split',
  16: 'acquisition',
  17: 'bunched',
  18: 'stockOption',
  19: 'distribution',
  20: 'averagePrice',
  21: 'cross',
  22: 'priceVariation',
  23: 'rule155',
  24: 'officialClose',
  25: 'priorReferencePrice',
  26: 'officialOpen',
  28: 'automaticExecution',
  29: 'tradeThroughExempt',
  31: 'oddLot',
};

const known = new Map<string, readonly TradeCondition[]>();

/**
 * Our words for AlgoSeek's sale condition.
 * @param hexadecimal of 32 bits, e.g. `20002020`; empty for none
 * @returns undefined when the text is no such number
 */
export function saleConditions(hexadecimal: string): readonly TradeCondition[] | undefined {
  const found = known.get(hexadecimal);
  if (found) return found;
  if (!/^[0-9a-f]{0,8}$/i.test(hexadecimal)) return undefined;
  const flags = Number.parseInt(hexadecimal || '0', 16);
  const words = new Set<TradeCondition>();
  for (const [bit, word] of Object.entries(wordsByBit)) {
    if (Math.floor(flags / 2 ** Number(bit)) % 2 === 1) words.add(word);
  }
  // A trade of extended hours that is out of sequence has a rule of its own.
  if (words.has('extendedHours') && words.delete('soldOutOfSequence')) words.add('extendedHoursOutOfSequence');
  const conditions = [...words];
  known.set(hexadecimal, conditions);
  return conditions;
}
