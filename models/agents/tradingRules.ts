import type { TradingRules } from '../environment/stockTrading.ts';
import type { AgentTradingSpec } from './agentSpec.ts';

/** The environment's rules as a specification states them. @param turbulenceThreshold of the training part, if any */
export function tradingRules(
  trading: AgentTradingSpec,
  { environments, turbulenceThreshold }: { readonly environments: number; readonly turbulenceThreshold: number | null },
): TradingRules {
  const { holdingFractionMax, turbulenceQuantile: _, episodeSessions, ...plain } = trading;
  return {
    ...plain,
    environments,
    observation: 'scaled',
    ...(holdingFractionMax !== null && { holdingFractionMax }),
    ...(turbulenceThreshold !== null && { turbulenceThreshold }),
    ...(episodeSessions !== null && { episodeSessions }),
  };
}
