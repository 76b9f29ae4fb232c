import { InvalidArgumentError } from 'commander';

/** The argument of an option that takes symbols with commas between; one that comes twice counts once. */
export function symbolsOf(text: string): readonly string[] {
  const symbols = text.split(',').map((symbol) => symbol.trim());
  if (symbols.some((symbol) => !/^[A-Za-z0-9.\-^=]+$/.test(symbol))) {
    throw new InvalidArgumentError('symbols are separated by commas, e.g. AAPL,BRK.B');
  }
  return [...new Set(symbols)];
}
