import type { CommandRegistration } from '../context.ts';
import { registerCostsEstimate } from './costs/estimate.ts';
import { registerCostsSchedules } from './costs/schedules.ts';
import { registerCostsSpread } from './costs/spread.ts';

/** `costs ...`: what trading costs, before and after; needs no server but for what an account has traded. */
export const registerCosts: CommandRegistration = (program, context) => {
  const costs = program.command('costs').description('what trading costs: schedules of brokers, estimates, spreads');
  registerCostsEstimate(costs, context);
  registerCostsSchedules(costs, context);
  registerCostsSpread(costs, context);
};
