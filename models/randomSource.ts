import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { seededGenerator, shuffled } from '#domain/random.ts';

/**
 * A seeded source of random numbers whose state can be saved: what goes on from a saved state draws what the undisturbed
 * source would have drawn. Numbers have 32 random bits.
 */
export class RandomSource {
  private generator: ReturnType<typeof seededGenerator>;

  /** @param purpose keeps sources of one seed apart, so that one use never moves another's numbers */
  constructor(seed: number, purpose: number) {
    this.generator = seededGenerator(seed, purpose);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (this.generator.next() >>> 0) / 2 ** 32;
  }

  /** A whole number in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal numbers in every place of an array (Box and Muller 1958). */
  fillNormal(out: Float32Array): Float32Array {
    for (let at = 0; at < out.length; at += 2) {
      // One minus: the logarithm needs a number above zero.
      const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      out[at] = radius * Math.cos(angle);
      if (at + 1 < out.length) out[at + 1] = radius * Math.sin(angle);
    }
    return out;
  }

  /** Whole numbers 0 to count - 1 in random order (Fisher and Yates 1938, Durstenfeld 1964). */
  shuffled(count: number): Int32Array {
    return shuffled(count, () => this.uniform());
  }

  /** Plain numbers that `restore` takes back. */
  state(): readonly number[] {
    return this.generator.getState();
  }

  /** Goes on where the source of a state stood. */
  restore(state: readonly number[]): void {
    this.generator = xoroshiro128plusFromState(state);
  }
}
