import type { StrategyDefinition } from './definition.ts';
import { equalParts, symbolsWithBars, weightsEvery } from './everySo.ts';
import { everySessions } from './parameters.ts';

/** The same weight for everything that has a bar, brought back to it every so often (DeMiguel, Garlappi and Uppal 2009). */
export const equalWeight: StrategyDefinition = {
  name: 'equal-weight',
  title: 'The same weight for every symbol',
  parameters: [everySessions],
  create: ({ parameters }) =>
    weightsEvery(parameters.every!, (desk) => {
      const listed = symbolsWithBars(desk, 0);
      return listed.length === 0 ? undefined : equalParts(desk, listed);
    }),
};
