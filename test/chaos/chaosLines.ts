/** Prints a line of a chaos program's progress: with `asJson` for programs, else for people. */
export function printLine(line: object, asJson: boolean): void {
  console.log(asJson ? JSON.stringify(line) : Object.entries(line).map(valueText).join('  '));
}

/** The number an option tells. @throws RangeError when it is no whole number */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`not a whole number: ${text}`);
  return Number(text);
}

function valueText([name, value]: readonly [string, unknown]): string {
  if (Array.isArray(value)) return `${name} ${value.join('; ') || 'none'}`;
  return `${name} ${JSON.stringify(value)}`;
}
