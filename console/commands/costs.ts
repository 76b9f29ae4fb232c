import type { CommandRegistration } from '../context.ts';
import { registerCostsAnalyse } from './costs/analyse.ts';
import { registerCostsCalibrate } from './costs/calibrate.ts';
import { registerCostsEstimate } from './costs/estimate.ts';
import { registerCostsImpact } from './costs/impact.ts';
import { registerCostsProfile } from './costs/profile.ts';
import { registerCostsSchedules } from './costs/schedules.ts';
import { registerCostsSpread } from './costs/spread.ts';

/** `costs ...`: what trading costs, before and after; needs no server but for what an account has traded. */
export const registerCosts: CommandRegistration = (program, context) => {
  const costs = program.command('costs').description('what trading costs: schedules, estimates, spreads, impact');
  registerCostsEstimate(costs, context);
  registerCostsSchedules(costs, context);
  registerCostsSpread(costs, context);
  registerCostsImpact(costs, context);
  registerCostsProfile(costs, context);
  registerCostsAnalyse(costs, context);
  registerCostsCalibrate(costs, context);
};
