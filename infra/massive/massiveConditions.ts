import type { TradeCondition } from '#domain/tradeConditions.ts';

// Massive's numbers of trade conditions (GET /v3/reference/conditions, asset class stocks, type sale_condition).
const byNumber: Readonly<Record<number, readonly TradeCondition[]>> = {
  0: ['regular'],
  1: ['acquisition'],
  2: ['averagePrice'],
  3: ['automaticExecution'],
  4: ['bunched'],
  5: ['bunched', 'soldOutOfSequence'],
  7: ['cash'],
  8: ['closing'],
  9: ['cross'],
  10: ['derivativelyPriced'],
  11: ['distribution'],
  12: ['extendedHours'],
  13: ['extendedHoursOutOfSequence'],
  14: ['intermarketSweep'],
  15: ['officialClose'],
  16: ['officialOpen'],
  17: ['opening'],
  18: ['reopening'],
  19: ['closing'],
  20: ['nextDay'],
  21: ['priceVariation'],
  22: ['priorReferencePrice'],
  23: ['rule155'],
  25: ['opening'],
  27: ['stopped'],
  28: ['reopening'],
  29: ['seller'],
  30: ['soldLast'],
  33: ['soldOutOfSequence'],
  34: ['split'],
  35: ['stockOption'],
  36: ['yellowFlag'],
  37: ['oddLot'],
  38: ['correctedClose'],
  41: ['tradeThroughExempt'],
  52: ['contingent'],
  53: ['contingent'],
};

/** Our words for Massive's numbers of a trade; a number that the table lacks is `unknown`, never regular. */
export function saleConditionsOfNumbers(numbers: readonly number[]): readonly TradeCondition[] {
  return numbers.flatMap((number) => byNumber[number] ?? ['unknown']);
}
