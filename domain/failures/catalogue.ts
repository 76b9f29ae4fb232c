import { backtestFailures } from './backtest.ts';
import { configurationFailures } from './configuration.ts';
import { consoleFailures } from './console.ts';
import { costFailures } from './costs.ts';
import { dataFailures } from './data.ts';
import type { FailureEntry } from './entry.ts';
import { modelFailures } from './model.ts';
import { portfolioFailures } from './portfolio.ts';
import { promotionFailures } from './promotion.ts';
import { providerFailures } from './provider.ts';
import { registryFailures } from './registry.ts';
import { riskFailures } from './risk.ts';
import { stackFailures } from './stack.ts';
import { tradingFailures } from './trading.ts';
import { validationFailures } from './validation.ts';

/** Every failure code a user can meet, by area; docs/failures.md is written from it. */
export const failureAreas = {
  stack: stackFailures,
  configuration: configurationFailures,
  data: dataFailures,
  provider: providerFailures,
  model: modelFailures,
  validation: validationFailures,
  backtest: backtestFailures,
  registry: registryFailures,
  promotion: promotionFailures,
  trading: tradingFailures,
  risk: riskFailures,
  costs: costFailures,
  portfolio: portfolioFailures,
  console: consoleFailures,
} as const;

const catalogue = {
  ...stackFailures,
  ...configurationFailures,
  ...dataFailures,
  ...providerFailures,
  ...modelFailures,
  ...validationFailures,
  ...backtestFailures,
  ...registryFailures,
  ...promotionFailures,
  ...tradingFailures,
  ...riskFailures,
  ...costFailures,
  ...portfolioFailures,
  ...consoleFailures,
} as const;

/** A stable failure code. */
export type FailureCode = keyof typeof catalogue;

/** The catalogue's entry for a code. */
export function failureEntry(code: FailureCode): FailureEntry {
  return catalogue[code];
}

/** Whether a text is a code of the catalogue. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(catalogue, text);
}
