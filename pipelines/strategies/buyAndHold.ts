import type { StrategyDefinition } from './definition.ts';
import { equalParts, symbolsWithBars, weightsEvery } from './everySo.ts';

/** Equal parts of whatever has a bar first, bought once and never touched again: what the money could do without us. */
export const buyAndHold: StrategyDefinition = {
  name: 'buy-and-hold',
  title: 'Equal parts, bought once and kept',
  parameters: [],
  create: () =>
    weightsEvery(Number.POSITIVE_INFINITY, (desk) => {
      const listed = symbolsWithBars(desk, 0);
      return listed.length === 0 ? undefined : equalParts(desk, listed);
    }),
};
