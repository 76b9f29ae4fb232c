import type { BarHistory } from '../backtest/strategy.ts';
import type { StrategyDefinition } from './definition.ts';
import { symbolsWithBars, weightsEvery } from './everySo.ts';
import { bars, everySessions } from './parameters.ts';

/** Weights in proportion to one over each symbol's volatility: the same risk from each, correlations aside. */
export const inverseVolatility: StrategyDefinition = {
  name: 'inverse-volatility',
  title: 'Weights by one over volatility',
  parameters: [bars('window', 'returns that volatility is read from', 63), everySessions],
  create: ({ parameters: { window, every } }) =>
    weightsEvery(every!, (desk) => {
      const measured = symbolsWithBars(desk, window!).map((symbol) => ({
        name: desk.symbols[symbol]!,
        calm: 1 / volatility(desk.history, symbol, window!),
      }));
      const finite = measured.filter(({ calm }) => Number.isFinite(calm));
      const sum = finite.reduce((total, { calm }) => total + calm, 0);
      return finite.length === 0 ? undefined : Object.fromEntries(finite.map(({ name, calm }) => [name, calm / sum]));
    }),
};

/** Root mean square of the last returns. */
function volatility(history: BarHistory, symbol: number, window: number): number {
  let squares = 0;
  for (let back = 0; back < window; back += 1) {
    squares += (history.close(symbol, back) / history.close(symbol, back + 1) - 1) ** 2;
  }
  return Math.sqrt(squares / window);
}
