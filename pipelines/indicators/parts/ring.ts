/** The last `length` numbers; zeros before there are so many. */
export class Ring {
  readonly values: Float64Array;
  private at = 0;

  constructor(length: number) {
    this.values = new Float64Array(length);
  }

  /** Puts a number in the place of the oldest. @returns the oldest, `length` numbers back */
  exchange(value: number): number {
    const { at, values } = this;
    const oldest = values[at]!;
    values[at] = value;
    this.at = at + 1 === values.length ? 0 : at + 1;
    return oldest;
  }

  /** The number that the next one will replace. */
  oldest(): number {
    return this.values[this.at]!;
  }

  /** The number `back` places before the newest, which is 0 back; `back` under the length. */
  back(back: number): number {
    const index = this.at - 1 - back;
    return this.values[index < 0 ? index + this.values.length : index]!;
  }
}
