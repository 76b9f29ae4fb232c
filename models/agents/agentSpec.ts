import type { DqnSettings } from './dqn.ts';
import type { PpoSettings } from './ppo.ts';
import type { SacSettings } from './sac.ts';

/** What every agent's training is told, however it learns. */
export interface AgentRunSpec {
  /** Steps to reach, over all environments. */
  readonly steps: number;
  /** Steps between two looks at the validation part, each of which keeps a checkpoint. */
  readonly reportSteps: number;
  /** Accounts that trade side by side. */
  readonly environments: number;
  /** Last part of the sessions, which only scores; a fraction in (0, 1). */
  readonly validationFraction: number;
}

/** Soft actor-critic. */
export interface SacSpec extends AgentRunSpec, Omit<SacSettings, 'targetEntropy'> {
  readonly kind: 'sac';
}

/** Proximal policy optimisation. */
export interface PpoSpec extends AgentRunSpec, Omit<PpoSettings, 'annealOverSteps'> {
  readonly kind: 'ppo';
}

/** A deep Q-network over attention. */
export interface DqnSpec extends AgentRunSpec, Omit<DqnSettings, 'priorities' | 'explorationSteps'> {
  readonly kind: 'dqn';
  /** Whether transitions are drawn evenly or by surprise. */
  readonly replay: 'even' | 'prioritised';
  /** Part of the steps over which random actions become rare, in (0, 1]. */
  readonly explorationFraction: number;
}

/** What decides how an agent is trained; plain JSON, part of the artifact. */
export type AgentSpec = SacSpec | PpoSpec | DqnSpec;

/** The rules an agent trades by; plain JSON, part of the artifact. */
export interface AgentTradingSpec {
  /** Dollars an episode begins with. */
  readonly initialCash: number;
  /** Shares of a stock that one order buys or sells, at most. */
  readonly sharesMax: number;
  /** Of the traded value. */
  readonly buyCostFraction: number;
  readonly sellCostFraction: number;
  /** Reward for a dollar gained. */
  readonly rewardScale: number;
  /** What a stock may be of cash and holdings when more of it is bought; null: no limit. */
  readonly holdingFractionMax: number | null;
  /** Share of the training part's sessions that are calm; over the turbulence of all of them everything is sold. */
  readonly turbulenceQuantile: number | null;
  /** Sessions of an episode, begun at random; null: an episode is the whole training part. */
  readonly episodeSessions: number | null;
}
