import type { CommandRegistration } from '../context.ts';
import { registerRiskCorrelation } from './risk/correlation.ts';
import { registerRiskStress } from './risk/stress.ts';
import { registerRiskVar } from './risk/var.ts';

/** `risk ...`: what might be lost, from plain files; needs no server. */
export const registerRisk: CommandRegistration = (program, context) => {
  const risk = program.command('risk').description('what a portfolio might lose, from files');
  registerRiskVar(risk, context);
  registerRiskCorrelation(risk, context);
  registerRiskStress(risk, context);
};
