import { dollars, type Money } from './money.ts';

/** What comparing our book with the broker's showed. */
export interface BookComparison {
  readonly agreed: boolean;
  /** One sentence each: positions by symbol first, then orders by client order id, then cash. */
  readonly differences: readonly string[];
}

/** Positions and open orders as one side knows them. */
export interface BookSide {
  /** Shares by symbol; a symbol left out is held at zero. */
  readonly positions: Readonly<Record<string, number>>;
  /** Client order ids of the orders that have not ended. */
  readonly openOrders: readonly string[];
  /** Cash, exact; left out where a side does not account for it. */
  readonly cash?: Money;
}

/** Compares our book with the broker's; any difference at all is a disagreement. */
export function compareBooks(ours: BookSide, theirs: BookSide): BookComparison {
  const differences = [
    ...comparePositions(ours.positions, theirs.positions),
    ...compareOpenOrders(ours.openOrders, theirs.openOrders),
    ...compareCash(ours.cash, theirs.cash),
  ];
  return { agreed: differences.length === 0, differences };
}

/**
 * Differences between the shares we think we hold and those the broker says, one sentence each, by symbol.
 * @param ours shares by symbol; a symbol left out is held at zero
 * @param theirs shares by symbol, as the broker answers
 */
export function comparePositions(
  ours: Readonly<Record<string, number>>,
  theirs: Readonly<Record<string, number>>,
): readonly string[] {
  const symbols = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  return symbols.flatMap((symbol) => {
    const [here, there] = [ours[symbol] ?? 0, theirs[symbol] ?? 0];
    return here === there ? [] : [`${symbol}: ${here} shares here, ${there} at the broker`];
  });
}

/** Orders that only one of the two sides believes open, one sentence each, by client order id. */
export function compareOpenOrders(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const [here, there] = [new Set(ours), new Set(theirs)];
  return [...new Set([...ours, ...theirs])].sort().flatMap((id) => {
    if (here.has(id) === there.has(id)) return [];
    return [here.has(id) ? `order ${id}: open here, not at the broker` : `order ${id}: open at the broker, not here`];
  });
}

function compareCash(ours: Money | undefined, theirs: Money | undefined): readonly string[] {
  if (ours === undefined || theirs === undefined || ours === theirs) return [];
  return [`cash: ${dollars(ours)} dollars here, ${dollars(theirs)} at the broker`];
}
