/**
 * How far a weight may lie from its target before it is traded. Proportional costs make such a band optimal, and a trade
 * to its edge, not to its middle (Constantinides 1986; Davis and Norman 1990); a fixed cost for each trade is the reason to
 * go to the target (Donohue and Yip 2003). One width at least.
 */
export interface NoTradeBand {
  /** Largest distance, a fraction of equity. */
  readonly absoluteFraction?: number;
  /** Largest distance, a fraction of the target; where both widths are given the narrower holds (Swedroe's 5/25 rule). */
  readonly relativeFraction?: number;
  /** How far a weight outside goes. */
  readonly to: 'edge' | 'target';
}

/** Where a band begins and ends; weights, fractions of equity. */
export interface BandEdges {
  readonly low: number;
  readonly high: number;
}

/**
 * Edges of a target's band. No band, and that of a target of 0: the target alone; what is no longer aimed at is left.
 * @param target weight, >= 0
 * @throws RangeError for a width that is negative or no number, or a band without one
 */
export function bandEdges(target: number, band: NoTradeBand | undefined): BandEdges {
  if (band === undefined) return { low: target, high: target };
  const { absoluteFraction = Number.POSITIVE_INFINITY, relativeFraction = Number.POSITIVE_INFINITY } = band;
  const isWidth = absoluteFraction >= 0 && relativeFraction >= 0;
  if (!isWidth || Math.min(absoluteFraction, relativeFraction) === Number.POSITIVE_INFINITY) {
    throw new RangeError(`not a band: ${JSON.stringify(band)}`);
  }
  if (target === 0) return { low: 0, high: 0 };
  const width = Math.min(absoluteFraction, relativeFraction * target);
  return { low: Math.max(0, target - width), high: target + width };
}
