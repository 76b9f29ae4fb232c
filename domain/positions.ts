import { money, shares, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';

/** An execution as a position takes it. */
export interface PositionFill {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Shares;
  readonly price: Money;
}

/** An open position. `quantity` is negative for a short. */
export interface Position {
  readonly quantity: Shares;
  /** Paid less received since the position was last flat. */
  readonly paid: Money;
}

/** A position that went from flat to flat: profit net of everything its fills cost. */
export interface RoundTrip {
  readonly symbol: string;
  readonly profit: Money;
}

/** Positions and closed round trips after a run of fills. */
export interface Book {
  readonly positions: Readonly<Record<string, Position>>;
  /** Oldest first. */
  readonly roundTrips: readonly RoundTrip[];
}

/**
 * Plays fills, oldest first, into positions and round trips. A round trip closes when its position reaches zero; a fill
 * that crosses zero closes one and opens the next. Its profit is exactly what it sold for less what it bought for.
 */
export function playFills(fills: readonly PositionFill[]): Book {
  const open = new Map<string, { quantity: number; paid: number }>();
  const roundTrips: RoundTrip[] = [];
  for (const { symbol, side, quantity, price } of fills) {
    const position = open.get(symbol) ?? { quantity: 0, paid: 0 };
    let signed = side === 'buy' ? quantity : -quantity;
    const closes =
      Math.sign(position.quantity) === -Math.sign(signed) && Math.abs(signed) >= Math.abs(position.quantity);
    if (closes && position.quantity !== 0) {
      const closing = -position.quantity;
      roundTrips.push({ symbol, profit: money(-(position.paid + closing * price)) });
      signed -= closing;
      position.quantity = 0;
      position.paid = 0;
    }
    position.quantity += signed;
    position.paid += signed * price;
    open.set(symbol, position);
  }
  const positions = Object.fromEntries(
    [...open]
      .filter(([, { quantity }]) => quantity !== 0)
      .map(([symbol, { quantity, paid }]) => [symbol, { quantity: shares(quantity), paid: money(paid) }]),
  );
  return { positions, roundTrips };
}

/** Losing round trips in a row, up to the latest one. */
export function lossStreak(roundTrips: readonly RoundTrip[]): number {
  const lastWin = roundTrips.findLastIndex(({ profit }) => profit >= 0);
  return roundTrips.length - 1 - lastWin;
}
