/** How much of an account may lie in one sector. */
export interface SectorLimits {
  /** Fraction of equity. */
  readonly fractionMax: number;
  /** Sector by symbol, as of today; a symbol without one is held against no sector. */
  readonly bySymbol: Readonly<Record<string, string>>;
}

/**
 * Weights with every sector cut to its limit, its symbols in equal proportion; what is cut off stays in cash.
 * @param weights by symbol, fractions of equity, each >= 0
 */
export function withinSectors(
  weights: Readonly<Record<string, number>>,
  sectors: SectorLimits | undefined,
): Readonly<Record<string, number>> {
  if (!sectors) return weights;
  const sums = new Map<string, number>();
  for (const [symbol, weight] of Object.entries(weights)) {
    const sector = sectors.bySymbol[symbol];
    if (sector !== undefined) sums.set(sector, (sums.get(sector) ?? 0) + weight);
  }
  const fitOf = (symbol: string): number => {
    const sum = sums.get(sectors.bySymbol[symbol] ?? '') ?? 0;
    return sum > sectors.fractionMax ? sectors.fractionMax / sum : 1;
  };
  return Object.fromEntries(Object.entries(weights).map(([symbol, weight]) => [symbol, weight * fitOf(symbol)]));
}
