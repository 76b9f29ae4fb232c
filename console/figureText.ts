/** A figure for people: three decimals at most, and a word where there is none. */
export function figureText(value: number | null): string {
  if (value === null) return 'undefined';
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** An amount in ten-thousandths of a dollar, as dollars and cents. */
export function moneyText(tenThousandths: number): string {
  return (tenThousandths / 10_000).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
}
