/**
 * What a sale condition lets a trade do, as the consolidated tapes' own rules say for the consolidated figures
 * (CTS participant input specification, "sale condition processing"; UTP trade data feed, "trade modifiers").
 */
interface ConditionRule {
  /** May set open, high and low. */
  readonly range: boolean;
  /** May set the last price. */
  readonly last: boolean;
  readonly volume: boolean;
}

const rules = {
  regular: { range: true, last: true, volume: true },
  intermarketSweep: { range: true, last: true, volume: true },
  tradeThroughExempt: { range: true, last: true, volume: true },
  automaticExecution: { range: true, last: true, volume: true },
  opening: { range: true, last: true, volume: true },
  reopening: { range: true, last: true, volume: true },
  closing: { range: true, last: true, volume: true },
  cross: { range: true, last: true, volume: true },
  acquisition: { range: true, last: true, volume: true },
  distribution: { range: true, last: true, volume: true },
  bunched: { range: true, last: true, volume: true },
  split: { range: true, last: true, volume: true },
  stopped: { range: true, last: true, volume: true },
  yellowFlag: { range: true, last: true, volume: true },
  rule155: { range: true, last: true, volume: true },
  soldLast: { range: true, last: true, volume: true },
  soldOutOfSequence: { range: true, last: false, volume: true },
  derivativelyPriced: { range: true, last: false, volume: true },
  priorReferencePrice: { range: true, last: false, volume: true },
  oddLot: { range: false, last: false, volume: true },
  averagePrice: { range: false, last: false, volume: true },
  cash: { range: false, last: false, volume: true },
  nextDay: { range: false, last: false, volume: true },
  seller: { range: false, last: false, volume: true },
  priceVariation: { range: false, last: false, volume: true },
  stockOption: { range: false, last: false, volume: true },
  contingent: { range: false, last: false, volume: true },
  // Before the open and after the close a trade sets no consolidated price of the day.
  extendedHours: { range: false, last: false, volume: true },
  extendedHoursOutOfSequence: { range: false, last: false, volume: true },
  // The exchange repeats a price it has already printed.
  officialOpen: { range: false, last: false, volume: false },
  officialClose: { range: false, last: false, volume: false },
  // The listing market sets the consolidated close right after the day; the shares were counted before.
  correctedClose: { range: true, last: true, volume: false },
  // A code newer than our table: the shares were traded, the price is not to be relied on.
  unknown: { range: false, last: false, volume: true },
} as const satisfies Readonly<Record<string, ConditionRule>>;

/** A sale condition, in our words for the tapes' letters. */
export type TradeCondition = keyof typeof rules;

/** Every sale condition we have a word for. */
export const tradeConditionNames: ReadonlySet<string> = new Set(Object.keys(rules));

/** What a trade may do to a bar. */
export interface TradeEffect {
  readonly range: boolean;
  readonly last: boolean;
  readonly volume: boolean;
}

/**
 * What a trade with these conditions may do: each condition takes away what its rule denies.
 * @param context `extended` for bars of pre-market and after hours, in which extended-hours trades are the market
 */
export function tradeEffect(conditions: readonly TradeCondition[], context: 'regular' | 'extended'): TradeEffect {
  const binding = conditions
    .filter((condition) => !(context === 'extended' && condition === 'extendedHours'))
    .map((condition) => rules[condition]);
  return {
    range: binding.every(({ range }) => range),
    last: binding.every(({ last }) => last),
    volume: binding.every(({ volume }) => volume),
  };
}
