import type { Dimension } from '#domain/searchSpace.ts';

type Range = Extract<Dimension, { kind: 'range' }>;

/** A range's value at a place in [0, 1]; whole numbers have parts of the same width each. */
export function valueAt(range: Range, place: number): number {
  const [low, high] = bounds(range);
  const value = range.scale === 'logarithmic' ? Math.exp(low + place * (high - low)) : low + place * (high - low);
  return range.whole ? clamp(Math.round(value), range) : clamp(value, range);
}

/** The place in [0, 1] of a range's value. */
export function placeOf(range: Range, value: number): number {
  const [low, high] = bounds(range);
  const at = range.scale === 'logarithmic' ? Math.log(value) : value;
  return high > low ? (at - low) / (high - low) : 0.5;
}

function bounds({ from, to, scale, whole }: Range): readonly [number, number] {
  const [low, high] = whole ? [from - 0.5, to + 0.5] : [from, to];
  return scale === 'logarithmic' ? [Math.log(low), Math.log(high)] : [low, high];
}

function clamp(value: number, { from, to }: Range): number {
  return Math.min(to, Math.max(from, value));
}
