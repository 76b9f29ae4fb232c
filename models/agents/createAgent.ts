import { SingleOrders } from '../environment/singleOrders.ts';
import type { StockMarket } from '../environment/stockMarket.ts';
import { StockTradingEnvironment, type TradingRules } from '../environment/stockTrading.ts';
import type { VectorEnvironment } from '../environment/environment.ts';
import type { Agent } from './agent.ts';
import type { AgentSpec } from './agentSpec.ts';
import { DqnAgent } from './dqn.ts';
import { PpoAgent } from './ppo.ts';
import { SacAgent } from './sac.ts';

/** As Schaul et al. draw in proportion to surprise. */
const publishedPriorities = { alpha: 0.6, beta: 0.4 } as const;

/** Where an agent of a kind trades: one that chooses gives one order a session. */
export function agentEnvironment(kind: AgentSpec['kind'], market: StockMarket, rules: TradingRules): VectorEnvironment {
  const environment = new StockTradingEnvironment(market, rules);
  return kind === 'dqn' ? new SingleOrders(environment) : environment;
}

/**
 * An agent as a specification asks for it, its parameters drawn by the seed.
 * @throws Failure MODEL_SHAPE_MISMATCH when a size does not fit another
 */
export function createAgent(
  spec: AgentSpec,
  { environments, observationSize, actions }: VectorEnvironment,
): Promise<Agent> {
  const actionSize = actions.kind === 'continuous' ? actions.size : actions.count;
  const sizes = { environments, observationSize, actionSize };
  switch (spec.kind) {
    case 'sac':
      return SacAgent.create(sizes, spec);
    case 'ppo':
      return PpoAgent.create(sizes, actions, spec);
    case 'dqn':
      break;
  }
  const { explorationFraction, replay, steps, trainFrequency, gradientSteps } = spec;
  const updates = Math.max(1, Math.ceil((steps / (environments * trainFrequency)) * gradientSteps));
  return DqnAgent.create(sizes, {
    ...spec,
    explorationSteps: Math.max(1, Math.round(explorationFraction * steps)),
    ...(replay === 'prioritised' && { priorities: { ...publishedPriorities, betaSteps: updates } }),
  });
}
