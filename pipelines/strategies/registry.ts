import { buyAndHold } from './buyAndHold.ts';
import { channelBreakout } from './channelBreakout.ts';
import type { StrategyDefinition } from './definition.ts';
import { equalWeight } from './equalWeight.ts';
import { inverseVolatility } from './inverseVolatility.ts';
import { momentum } from './momentum.ts';
import { rsiReversion } from './rsiReversion.ts';
import { smaCross } from './smaCross.ts';

/** Strategies that a backtest knows by name. */
export const strategies: readonly StrategyDefinition[] = [
  smaCross,
  buyAndHold,
  equalWeight,
  inverseVolatility,
  momentum,
  channelBreakout,
  rsiReversion,
];
