/** How a figure of shorter bars becomes that of the longer bar they make. */
export type JoinRule = 'first' | 'highest' | 'lowest' | 'last' | 'sum';

/**
 * Figures that bars may have, and how they join. Beside prices (dollars) and volume (shares):
 * - `benchmark`: the benchmark's close of the same time
 * - `midChange`: change of the middle of the best bid and offer since the bar before, dollars
 * - `spread`: distance of the best bid and offer over their middle at the bar's end, a fraction
 * - `bidDepth`, `askDepth`: size that stands at the best levels at the bar's end, shares
 * - `orderFlow`, `orderFlowTotal`: sizes added to bids and taken from offers less those the other way, and all of them
 * - `buyVolume`, `sellVolume`: shares traded on the initiative of buyers and of sellers
 */
export const joinRules = {
  open: 'first',
  high: 'highest',
  low: 'lowest',
  close: 'last',
  volume: 'sum',
  benchmark: 'last',
  midChange: 'sum',
  spread: 'last',
  bidDepth: 'last',
  askDepth: 'last',
  orderFlow: 'sum',
  orderFlowTotal: 'sum',
  buyVolume: 'sum',
  sellVolume: 'sum',
} as const satisfies Readonly<Record<string, JoinRule>>;

/** A figure that a bar may have. */
export type FeatureField = keyof typeof joinRules;

/** Whether a name is that of a figure of bars. */
export function isFeatureField(name: string): name is FeatureField {
  return Object.hasOwn(joinRules, name);
}

/** One closed bar: known from `endMs` on. */
export interface BarRow {
  readonly startMs: number;
  readonly endMs: number;
  /** Figures by field; absent and NaN are the same. */
  readonly figures: Readonly<Partial<Record<FeatureField, number>>>;
}

/** Closed bars of one symbol and timeframe as columns of equal length, oldest first. */
export interface BarTable {
  /** Shape [bars], milliseconds since 1970 UTC, ascending. */
  readonly startMs: Float64Array;
  /** Shape [bars], ascending: when each bar closed. From then on, not before, its figures are known. */
  readonly endMs: Float64Array;
  readonly columns: Readonly<Partial<Record<FeatureField, Float64Array>>>;
}
