/** The middle of values: one that something else on the machine disturbed decides nothing. */
export function median(of: readonly number[]): number {
  const sorted = of.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** A figure with three decimals. */
export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** A line of figures as it is printed: JSON, or names and values for people. */
export function lineText(line: object, as: 'json' | 'text'): string {
  if (as === 'json') return JSON.stringify(line);
  return Object.entries(line)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join('  ');
}
