import type { CommandRegistration } from '../context.ts';
import { registerExecutionSchedule } from './execution/schedule.ts';

/** `execution ...`: how to trade an order over time; needs no server. */
export const registerExecution: CommandRegistration = (program, context) => {
  const execution = program.command('execution').description('how to trade an order over time');
  registerExecutionSchedule(execution, context);
};
