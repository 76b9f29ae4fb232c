import { money, shares, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';

/** An execution as a position takes it. */
export interface PositionFill {
  readonly symbol: string;
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  readonly price: Money;
  readonly commission: Money;
}

/** Shares that came or went without an execution, as in a split; what they cost stays what was paid. */
export interface PositionAdjustment {
  readonly symbol: string;
  /** Added; negative taken off. */
  readonly shares: Shares;
}

/** An open position. `quantity` is negative for a short. */
export interface Position {
  readonly quantity: Shares;
  /** Paid less received since the position was last flat, commissions included. */
  readonly paid: Money;
  /** What the shares still held cost at their average price; negative for a short. Commissions are no part of it. */
  readonly costBasis: Money;
  /** Profit since the position was last flat, net of costs: cost basis less paid, exactly. */
  readonly realised: Money;
}

/** A position that went from flat to flat: profit net of everything its fills cost. */
export interface RoundTrip {
  readonly symbol: string;
  readonly profit: Money;
}

/** Positions and closed round trips after a run of fills. */
export interface Book {
  readonly positions: Readonly<Record<string, Position>>;
  /** In the order in which they closed. */
  readonly roundTrips: readonly RoundTrip[];
}

/**
 * Plays fills and adjustments, oldest first, into positions and round trips. A round trip closes when its position reaches zero; a fill
 * that crosses zero closes one and opens the next. Its profit is exactly what it sold for less what it bought for, less
 * commissions; the fill that crosses zero pays its commission in the trip that it closes. An adjustment changes shares and no money.
 * @throws RangeError for a quantity or price that is not positive, or an amount too large to hold exactly
 */
export function playFills(entries: readonly (PositionFill | PositionAdjustment)[]): Book {
  const open = new Map<string, Standing>();
  const roundTrips: RoundTrip[] = [];
  for (const entry of entries) {
    if (!('side' in entry)) {
      const held = open.get(entry.symbol) ?? flat;
      open.set(entry.symbol, { ...held, quantity: held.quantity + entry.shares });
      continue;
    }
    const { symbol, side, quantity, price, commission } = entry;
    if (!(quantity > 0 && price > 0)) throw new RangeError(`no fill: ${quantity} ${symbol} at ${price}`);
    const before = open.get(symbol) ?? flat;
    const signed = (side === 'buy' ? 1 : -1) * quantity;
    const crosses = before.quantity !== 0 && Math.sign(before.quantity + signed) !== Math.sign(before.quantity);
    if (!crosses) {
      open.set(symbol, take({ ...before, paid: before.paid + commission }, signed, price));
      continue;
    }
    const closed = take({ ...before, paid: before.paid + commission }, -before.quantity, price);
    roundTrips.push({ symbol, profit: money(-closed.paid) });
    open.set(symbol, take(flat, signed + before.quantity, price));
  }
  const held = [...open].filter(([, { quantity }]) => quantity !== 0);
  return {
    positions: Object.fromEntries(held.map(([symbol, standing]) => [symbol, positionOf(standing)])),
    roundTrips,
  };
}

/** Average price of the shares held, rounded half up. */
export function averagePrice({ costBasis, quantity }: Position): Money {
  return money(Math.round(costBasis / quantity));
}

/** Profit a position would add if it closed at a price, before the cost of closing. */
export function unrealisedProfit({ costBasis, quantity }: Position, price: Money): Money {
  return money(quantity * price - costBasis);
}

/** Profit realised by every fill so far: by closed round trips and by the parts sold of open positions. */
export function realisedProfit({ positions, roundTrips }: Book): Money {
  const closed = roundTrips.reduce((sum, { profit }) => sum + profit, 0);
  return money(Object.values(positions).reduce((sum, { realised }) => sum + realised, closed));
}

/** Losing round trips in a row, up to the latest one; a trip that breaks even ends the row. */
export function lossStreak(roundTrips: readonly RoundTrip[]): number {
  const lastWithoutLoss = roundTrips.findLastIndex(({ profit }) => profit >= 0);
  return roundTrips.length - 1 - lastWithoutLoss;
}

interface Standing {
  readonly quantity: number;
  readonly paid: number;
  readonly costBasis: number;
}

const flat: Standing = { quantity: 0, paid: 0, costBasis: 0 };

/** Shares added at a price, or taken off at the average cost; never across zero. */
function take({ quantity, paid, costBasis }: Standing, signed: number, price: number): Standing {
  const after = quantity + signed;
  const adds = Math.sign(quantity) * Math.sign(signed) >= 0;
  return {
    quantity: after,
    paid: paid + signed * price,
    costBasis: adds ? costBasis + signed * price : proportionRoundedHalfUp(costBasis, after, quantity),
  };
}

function proportionRoundedHalfUp(amount: number, part: number, whole: number): number {
  return part === 0 ? 0 : Math.round((amount / whole) * part);
}

function positionOf({ quantity, paid, costBasis }: Standing): Position {
  return {
    quantity: shares(quantity),
    paid: money(paid),
    costBasis: money(costBasis),
    realised: money(costBasis - paid),
  };
}
