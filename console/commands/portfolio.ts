import type { CommandRegistration } from '../context.ts';
import { registerPortfolioOptimize } from './portfolio/optimize.ts';
import { registerPortfolioRebalance } from './portfolio/rebalance.ts';

/** `portfolio ...`: weights from prices in files; needs no server. */
export const registerPortfolio: CommandRegistration = (program, context) => {
  const portfolio = program.command('portfolio').description('weights of assets, from prices in files');
  registerPortfolioOptimize(portfolio, context);
  registerPortfolioRebalance(portfolio, context);
};
