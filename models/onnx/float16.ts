/**
 * Floats as IEEE 754 halves: rounded to the nearest, ties to even; what is too large becomes infinite.
 * @returns the halves' bits
 */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, half);
}

function half(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const moved = exponent - 112; // the biases differ: 127 and 15
  if (moved >= 31) return sign | 0x7c00;
  if (moved < -10) return sign;
  // Below the smallest normal half the hidden one becomes part of the fraction.
  const whole = moved > 0 ? (moved << 23) | fraction : (fraction | 0x800000) >>> 0;
  const dropped = moved > 0 ? 13 : 14 - moved;
  const kept = Math.floor(whole / 2 ** dropped);
  const rest = whole - kept * 2 ** dropped;
  const middle = 2 ** (dropped - 1);
  const roundsUp = rest > middle || (rest === middle && (kept & 1) === 1);
  return sign | (kept + (roundsUp ? 1 : 0));
}
