import type { TradeCondition } from '#domain/tradeConditions.ts';

// Letters of the consolidated tapes: CTS participant input specification (tapes A and B), UTP trade data feed (tape C).
// What both mean alike stands in `common`.
const common: Readonly<Record<string, TradeCondition>> = {
  ' ': 'regular',
  '@': 'regular',
  C: 'cash',
  F: 'intermarketSweep',
  H: 'priceVariation',
  I: 'oddLot',
  K: 'rule155',
  L: 'soldLast',
  M: 'officialClose',
  N: 'nextDay',
  O: 'opening',
  P: 'priorReferencePrice',
  Q: 'officialOpen',
  R: 'seller',
  T: 'extendedHours',
  U: 'extendedHoursOutOfSequence',
  V: 'contingent',
  X: 'cross',
  Z: 'soldOutOfSequence',
  '4': 'derivativelyPriced',
  '5': 'reopening',
  '6': 'closing',
  '7': 'contingent',
  // A close that the listing exchange corrected afterwards repeats a price like the official one.
  '9': 'officialClose',
};

const consolidatedTape: Readonly<Record<string, TradeCondition>> = {
  ...common,
  B: 'averagePrice',
  E: 'automaticExecution',
};

const nasdaqTape: Readonly<Record<string, TradeCondition>> = {
  ...common,
  '1': 'stopped',
  A: 'acquisition',
  B: 'bunched',
  D: 'distribution',
  G: 'soldOutOfSequence',
  S: 'split',
  W: 'averagePrice',
  Y: 'yellowFlag',
};

/**
 * Our words for a trade's letters.
 * @param tape A, B: NYSE and regional listings; C, and what is off the tapes, by Nasdaq's letters
 * @returns undefined when one of them is unknown: what it lets a trade do cannot be guessed
 */
export function tapeConditions(letters: readonly string[], tape: string): readonly TradeCondition[] | undefined {
  const words = tape === 'A' || tape === 'B' ? consolidatedTape : nasdaqTape;
  const found: TradeCondition[] = [];
  for (const letter of letters) {
    const word = words[letter];
    if (word === undefined) return undefined;
    found.push(word);
  }
  return found;
}
