/** Weights of places, drawn from in proportion: a binary tree of sums (Schaul et al. 2016, appendix B.2.1). */
export class SumTree {
  /** Leaves begin at `leaves`; the sum of both children stands at half their index, the total at 1. */
  private readonly sums: Float64Array;
  private readonly leaves: number;

  constructor(places: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(2, places)));
    this.sums = new Float64Array(2 * this.leaves);
  }

  get total(): number {
    return this.sums[1]!;
  }

  weight(place: number): number {
    return this.sums[this.leaves + place]!;
  }

  set(place: number, weight: number): void {
    let at = this.leaves + place;
    this.sums[at] = weight;
    // Summed anew, not moved by the difference: rounding would gather.
    for (at >>= 1; at >= 1; at >>= 1) this.sums[at] = this.sums[2 * at]! + this.sums[2 * at + 1]!;
  }

  /** The place at which the running sum of weights passes an amount in [0, total). */
  find(amount: number): number {
    let at = 1;
    let left = amount;
    while (at < this.leaves) {
      const first = this.sums[2 * at]!;
      // The second child only where it weighs something: rounding may leave more than there is.
      if (left < first || this.sums[2 * at + 1] === 0) at = 2 * at;
      else {
        left -= first;
        at = 2 * at + 1;
      }
    }
    return at - this.leaves;
  }
}
