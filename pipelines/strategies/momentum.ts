import type { StrategyDefinition } from './definition.ts';
import { equalParts, symbolsWithBars, weightsEvery } from './everySo.ts';
import { bars, everySessions } from './parameters.ts';

/**
 * Equal parts of the symbols that rose most over a year, the last month left out (Jegadeesh and Titman 1993); ties go to
 * the earlier name.
 */
export const momentum: StrategyDefinition = {
  name: 'momentum',
  title: 'Winners of the last year but its last month',
  parameters: [
    bars('lookback', 'rise measured from so far back', 252),
    { name: 'skip', meaning: 'latest bars left out', default: 21, min: 0, max: 5_000, kind: 'whole' },
    { name: 'part', meaning: 'part of the symbols that is held', default: 1 / 3, min: 0.001, max: 1, kind: 'real' },
    everySessions,
  ],
  create: ({ parameters: { lookback, skip, part, every } }) => {
    if (!(skip! < lookback!)) throw new RangeError(`skip is ${skip}, not under lookback, ${lookback}`);
    return weightsEvery(every!, (desk) => {
      const { history } = desk;
      const rises = symbolsWithBars(desk, lookback!).map((symbol) => ({
        symbol,
        rise: history.close(symbol, skip) / history.close(symbol, lookback),
      }));
      if (rises.length === 0) return undefined;
      const best = rises.toSorted((a, b) => b.rise - a.rise || a.symbol - b.symbol);
      const chosen = best.slice(0, Math.max(1, Math.round(part! * best.length)));
      return equalParts(
        desk,
        chosen.map(({ symbol }) => symbol),
      );
    });
  },
};
