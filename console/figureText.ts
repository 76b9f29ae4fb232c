/** A figure for people: three decimals at most, and a word where there is none. */
export function figureText(value: number | null): string {
  if (value === null) return 'undefined';
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** An amount in ten-thousandths of a dollar, as dollars and cents. */
export function moneyText(tenThousandths: number): string {
  return dollarText(tenThousandths / 10_000);
}

/** An amount in dollars, as a session's report holds it, as dollars and cents. */
export function dollarText(dollars: number): string {
  return dollars.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
}

/** A figure of any size with four digits that count; a word where there is none. */
export function digitsText(value: number | null): string {
  if (value === null) return 'undefined';
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}
