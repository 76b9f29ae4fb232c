/** The last `length` numbers; zeros before there are so many. */
export class Ring {
  private readonly values: Float64Array;
  private readonly mask: number;
  private readonly length: number;
  private at = 0;

  constructor(length: number) {
    // A power of two, so that places wrap by a mask; over the length, so that what leaves is still there.
    const capacity = 2 ** Math.ceil(Math.log2(length + 1));
    this.values = new Float64Array(capacity);
    this.mask = capacity - 1;
    this.length = length;
  }

  /** Takes a number. @returns the number that came `length` numbers before it */
  exchange(value: number): number {
    const at = (this.at + 1) & this.mask;
    this.at = at;
    this.values[at] = value;
    return this.values[(at - this.length) & this.mask]!;
  }

  /** The number `back` places before the newest, which is 0 back; `back` under the length. */
  back(back: number): number {
    return this.values[(this.at - back) & this.mask]!;
  }
}
