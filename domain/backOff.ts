/** How long repeated attempts wait. */
export interface BackOff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Wait before an attempt: doubles with each failure up to the cap, and the upper half of it is left to chance, so that
 * many who lost the same server do not come back at once, and nobody comes back at once.
 * @param failures failures in a row, from 1
 * @param random in [0, 1)
 */
export function backOffMs(failures: number, { baseMs, capMs }: BackOff, random: number): number {
  const ceilingMs = Math.min(capMs, baseMs * 2 ** (failures - 1));
  return (ceilingMs / 2) * (1 + random);
}
