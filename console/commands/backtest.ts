import type { CommandRegistration } from '../context.ts';
import { registerLookAhead } from './backtest/lookAhead.ts';
import { registerBacktestRun } from './backtest/run.ts';

/** `backtest`: strategies on plain files of bars; needs no server. */
export const registerBacktest: CommandRegistration = (program, context) => {
  const backtest = program.command('backtest').description('play a strategy on daily bars in a file');
  registerBacktestRun(backtest, context);
  registerLookAhead(backtest, context);
};
