import { readFileSync } from 'node:fs';
import type { StockMarket } from '#models/environment/stockMarket.ts';

/**
 * The market that the peers trade in, from a file of 16-bit returns in hundred-thousandths, shape [symbols, sessions]:
 * prices grow from 100 and are rounded to ten-thousandths; the last sessions of the first symbols.
 * @param total sessions a symbol in the file
 */
export function returnsMarket(
  file: string,
  { stocks, sessions, total }: { readonly stocks: number; readonly sessions: number; readonly total: number },
  indicators: number,
): StockMarket {
  const bytes = readFileSync(file);
  const prices = new Float64Array(sessions * stocks);
  for (let stock = 0; stock < stocks; stock += 1) {
    let price = 100;
    for (let session = 0; session < total; session += 1) {
      if (session > 0) price *= 1 + bytes.readInt16LE((stock * total + session) * 2) / 100_000;
      const place = session - (total - sessions);
      if (place >= 0) prices[place * stocks + stock] = Math.floor(price * 10_000 + 0.5) / 10_000;
    }
  }
  return { sessions, stocks, prices, indicators: new Float64Array(sessions * stocks * indicators) };
}

/** Symbols and sessions of the file of returns that the peers use. */
export const returnsShape = [500, 5_000] as const;

/** Actions of a step, shape [stocks]: exact in binary, and of different size for every stock. */
export function formulaActions(step: number, stocks: number): Float32Array {
  return Float32Array.from({ length: stocks }, (_, stock) => (((step * 7 + stock * 9) % 256) - 128) / 128);
}
