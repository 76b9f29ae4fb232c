const layers = 256;
/** Where the tail begins, and the area of each layer, for 256 layers (Doornik 2005). */
const tailStart = 3.6541528853610088;
const layerArea = 0.00492867323399;

const edges = new Float64Array(layers + 1);
const densities = new Float64Array(layers + 1);
edges[0] = layerArea / Math.exp(-0.5 * tailStart ** 2);
edges[1] = tailStart;
for (let layer = 2; layer < layers; layer += 1) {
  const above = edges[layer - 1]!;
  edges[layer] = Math.sqrt(-2 * Math.log(layerArea / above + Math.exp(-0.5 * above ** 2)));
}
for (let layer = 0; layer <= layers; layer += 1) densities[layer] = Math.exp(-0.5 * edges[layer]! ** 2);

/**
 * Seeded standard normal numbers by the ziggurat (Marsaglia and Tsang 2000, with bits of its own for the layer as Doornik
 * 2005 asks), over xoshiro128** (Blackman and Vigna 2018). The same seed gives the same numbers on every machine.
 */
export class NormalDraws {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @param seed a whole number; its low 32 bits count */
  constructor(seed: number) {
    // SplitMix32 spreads a small seed over the state, which must not be all zero.
    let state = seed | 0;
    const spread = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      return mixed ^ (mixed >>> 16);
    };
    [this.a, this.b, this.c, this.d] = [spread(), spread(), spread(), spread() | 1];
  }

  /**
   * Sums of independent draws, each with its own weight: one normal number a scenario, made of as many draws as there are
   * weights.
   * @param weights shape [factors]
   * @param into shape [scenarios], overwritten
   */
  fillWeighted(weights: Float64Array, into: Float64Array): void {
    for (let scenario = 0; scenario < into.length; scenario += 1) {
      let sum = 0;
      for (let factor = 0; factor < weights.length; factor += 1) sum += weights[factor]! * this.next();
      into[scenario] = sum;
    }
  }

  /** One standard normal number. */
  next(): number {
    for (;;) {
      const bits = this.bits();
      const layer = bits & 255;
      // 24 bits beside the layer's, and 32 more: both signs, never an end.
      const part = ((bits >> 8) + (this.bits() >>> 0) / 4_294_967_296) / 8_388_608;
      const value = part * edges[layer]!;
      if (Math.abs(value) < edges[layer + 1]!) return value;
      if (layer === 0) return this.tail(part);
      const [outer, inner] = [densities[layer]!, densities[layer + 1]!];
      if (outer + this.uniform() * (inner - outer) < Math.exp(-0.5 * value * value)) return value;
    }
  }

  /** Beyond the last layer (Marsaglia 1964). */
  private tail(sign: number): number {
    for (;;) {
      const beyond = -Math.log(this.uniform()) / tailStart;
      if (-2 * Math.log(this.uniform()) >= beyond * beyond) return sign < 0 ? -tailStart - beyond : tailStart + beyond;
    }
  }

  /** In (0, 1). */
  private uniform(): number {
    return ((this.bits() >>> 0) + 0.5) / 4_294_967_296;
  }

  private bits(): number {
    const { b } = this;
    const scrambled = Math.imul(b, 5);
    const out = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    this.c ^= this.a;
    this.d ^= b;
    this.b = b ^ this.c;
    this.a ^= this.d;
    this.c ^= b << 9;
    this.d = (this.d << 11) | (this.d >>> 21);
    return out;
  }
}
