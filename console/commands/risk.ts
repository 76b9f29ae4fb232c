import type { CommandRegistration } from '../context.ts';
import { registerRiskVar } from './risk/var.ts';

/** `risk ...`: what might be lost, from returns in plain files; needs no server. */
export const registerRisk: CommandRegistration = (program, context) => {
  const risk = program.command('risk').description('what a portfolio might lose, from returns in files');
  registerRiskVar(risk, context);
};
