import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded source of numbers in [0, 1). The same seed gives the same sequence on every machine. */
export type Random = () => number;

/** A generator for a seed and a purpose: sources of one seed are kept apart, so that one use never moves another's. */
export function seededGenerator(seed: number, purpose: number): ReturnType<typeof xoroshiro128plus> {
  return xoroshiro128plus(seed ^ Math.imul(purpose + 1, 0x9e3779b1));
}

/** A source for a seed and a purpose, so that shuffling never moves the initial weights. */
export function seededRandom(seed: number, purpose: number): Random {
  const generator = seededGenerator(seed, purpose);
  return () => uniformFloat64(generator);
}

/** As `seededRandom`, of 32 random bits each: half the work, and more than enough to choose among days. */
export function seededDraws(seed: number, purpose: number): Random {
  const generator = seededGenerator(seed, purpose);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** Indices 0 to count - 1 in random order (Fisher and Yates 1938, Durstenfeld 1964). */
export function shuffled(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    [order[last], order[pick]] = [order[pick]!, order[last]!];
  }
  return order;
}
