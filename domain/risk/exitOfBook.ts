import { marketImpact } from '../costs/marketImpact.ts';

/** A position as somebody sees it who must sell. */
export interface HeldPosition {
  readonly symbol: string;
  /** Market value, dollars; negative for a short. */
  readonly value: number;
  /** Dollars that trade in a session; > 0. */
  readonly dailyValueTraded: number;
  /** Standard deviation of a session's return, a fraction. */
  readonly dailyVolatility: number;
}

/** How a book is left. */
export interface ExitTerms {
  /** Part of the usual volume that trades: 0.5 where it has halved. */
  readonly volumeFraction: number;
  /** Part of what trades that is ours at most. */
  readonly participationFraction: number;
  /** Of the square root of the order over a session's volume, times the volatility; 1 is usual. */
  readonly coefficient: number;
}

/** What leaving a book takes. */
export interface BookExit {
  /** Whole sessions until the last position is out; 0 where nothing is held. */
  readonly sessions: number;
  /** The position that takes longest; null where nothing is held. */
  readonly slowest: string | null;
  /** What our own orders move prices against us, dollars. */
  readonly impact: number;
}

/**
 * Sessions and market impact of closing every position side by side: impact by the square root (Toth et al., Physical
 * Review X 1, 2011) of each against the volume there is.
 * @throws RangeError for a part outside (0, 1], a volume that is not positive, or a figure that is not finite
 */
export function exitOfBook(positions: readonly HeldPosition[], terms: ExitTerms): BookExit {
  const { volumeFraction, participationFraction, coefficient } = terms;
  for (const part of [volumeFraction, participationFraction]) {
    if (!(part > 0 && part <= 1)) throw new RangeError(`${part} is no part of a volume`);
  }
  let [sessions, impact] = [0, 0];
  let slowest: string | null = null;
  for (const { symbol, value, dailyValueTraded, dailyVolatility } of positions) {
    const quantity = Math.abs(value);
    if (quantity === 0) continue;
    const averageDailyVolume = dailyValueTraded * volumeFraction;
    // A sum of dollars is so many shares of one dollar: the square root knows no price.
    const order = { quantity, price: 1, averageDailyVolume, dailyVolatility, durationSessions: 1 };
    impact += quantity * marketImpact({ kind: 'squareRoot', coefficient }, order).temporary;
    const needed = Math.ceil(quantity / (averageDailyVolume * participationFraction));
    if (needed > sessions) [sessions, slowest] = [needed, symbol];
  }
  return { sessions, slowest, impact };
}
