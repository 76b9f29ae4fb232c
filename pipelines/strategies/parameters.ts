import type { StrategyParameter } from './definition.ts';

/** A length in bars. */
export function bars(name: string, meaning: string, standard: number): StrategyParameter {
  return { name, meaning: `${meaning}, bars`, default: standard, min: 1, max: 5_000, kind: 'whole' };
}

/** How often holdings are brought to their weights. */
export const everySessions: StrategyParameter = {
  name: 'every',
  meaning: 'sessions between rebalances',
  default: 21,
  min: 1,
  max: 5_000,
  kind: 'whole',
};
