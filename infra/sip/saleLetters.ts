import type { TradeCondition } from '#domain/tradeConditions.ts';

/** Plans that publish trades: CTA for tapes A and B (New York Stock Exchange and others), UTP for tape C (Nasdaq). */
export type SipTape = 'A' | 'B' | 'C';

// What both plans say alike (CTS and UTDF participant specifications, sale conditions).
const both: Readonly<Record<string, readonly TradeCondition[]>> = {
  '@': ['regular'],
  ' ': [],
  C: ['cash'],
  F: ['intermarketSweep'],
  H: ['priceVariation'],
  I: ['oddLot'],
  K: ['rule155'],
  L: ['soldLast'],
  M: ['officialClose'],
  N: ['nextDay'],
  O: ['opening'],
  P: ['priorReferencePrice'],
  Q: ['officialOpen'],
  R: ['seller'],
  T: ['extendedHours'],
  U: ['extendedHoursOutOfSequence'],
  V: ['contingent'],
  X: ['cross'],
  Z: ['soldOutOfSequence'],
  '4': ['derivativelyPriced'],
  '5': ['reopening'],
  '6': ['closing'],
  '7': ['contingent'],
  '9': ['correctedClose'],
};
const cta: typeof both = { ...both, B: ['averagePrice'], E: ['automaticExecution'] };
const utp: typeof both = {
  ...both,
  A: ['acquisition'],
  B: ['bunched'],
  D: ['distribution'],
  G: ['bunched', 'soldOutOfSequence'],
  S: ['split'],
  W: ['averagePrice'],
  Y: ['yellowFlag'],
  '1': ['stopped'],
  '8': ['tradeThroughExempt'],
};

/** Our words for the letters of a trade; a letter that no table has is `unknown`, never regular. */
export function saleConditionsOfLetters(letters: readonly string[], tape: SipTape): readonly TradeCondition[] {
  const table = tape === 'C' ? utp : cta;
  return letters.flatMap((letter) => (Object.hasOwn(table, letter) ? table[letter]! : ['unknown']));
}
