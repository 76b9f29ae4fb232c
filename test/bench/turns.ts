import { median, rounded } from './figures.ts';

/** What a side needed in one turn: wall-clock and processor time of the same work, in one unit. */
export interface Turn {
  readonly wall: number;
  readonly processor: number;
}

/** How much longer the peer took than ours, turn by turn: over 1, ours is faster. */
export interface TurnRatios {
  /** Median of the turns' ratios. */
  readonly ratio: number;
  /** First and third quartile of them. */
  readonly quartiles: readonly [number, number];
  /** Median of the ratios of processor time. */
  readonly byProcessor: number;
}

/**
 * Compares two sides that took short turns one after the other, so that whatever else keeps the machine busy meets both:
 * each turn of ours with the peer's turn beside it.
 * @throws RangeError when the sides had different numbers of turns, or none
 */
export function turnRatios(ours: readonly Turn[], peer: readonly Turn[]): TurnRatios {
  if (ours.length === 0 || ours.length !== peer.length) throw new RangeError('turns are compared in pairs');
  const ratios = ours.map(({ wall }, turn) => peer[turn]!.wall / wall).toSorted((a, b) => a - b);
  const quartile = (part: number): number => rounded(ratios[Math.floor((ratios.length - 1) * part)]!);
  return {
    ratio: rounded(median(ratios)),
    quartiles: [quartile(0.25), quartile(0.75)],
    byProcessor: rounded(median(ours.map(({ processor }, turn) => peer[turn]!.processor / processor))),
  };
}

/** What takes turns, each turn in another order: there and back, then the same beginning one place further on. */
export function inTurn<Side>(sides: readonly Side[], turn: number): readonly Side[] {
  const first = Math.floor(turn / 2) % sides.length;
  const order = [...sides.slice(first), ...sides.slice(0, first)];
  return turn % 2 === 0 ? order : order.toReversed();
}
