import type { EnvironmentState, VectorEnvironment } from '../environment/environment.ts';
import type { Agent, AgentState, LearningFigures } from './agent.ts';

/** An episode that ended in training. */
export interface EpisodeReport {
  /** Steps so far, over all environments. */
  readonly steps: number;
  /** Sum of the episode's rewards. */
  readonly episodeReturn: number;
  readonly length: number;
}

/** Everything needed to go on where training stopped. */
export interface AgentTrainingState {
  readonly agent: AgentState;
  readonly environment: EnvironmentState;
  readonly steps: number;
  /** Rewards so far of the episodes that run, and their lengths; shape [environments]. */
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
}

/** How an agent is trained. */
export interface AgentTraining {
  readonly agent: Agent;
  readonly environment: VectorEnvironment;
  /** Steps to reach, over all environments. */
  readonly steps: number;
  /** Of the environment. */
  readonly seed: number;
  readonly resumeFrom?: AgentTrainingState;
  readonly onEpisode?: (report: EpisodeReport) => void;
  readonly onUpdate?: (figures: LearningFigures, steps: number) => void;
  /** Called before every step. */
  readonly onStep?: (steps: number, save: () => AgentTrainingState) => void;
}

/**
 * Lets an agent act and learn until its steps are done. The same seeds give the same agent, bit for bit, whether or not
 * the run was interrupted and resumed.
 * @throws Failure TRAINING_DIVERGED when a figure of an update is not finite
 */
export function trainAgent({ agent, environment, ...training }: AgentTraining): void {
  const { resumeFrom, seed, onEpisode, onUpdate, onStep } = training;
  const { environments } = environment;
  const returns = Float64Array.from({ length: environments }, (_, at) => resumeFrom?.returns[at] ?? 0);
  const lengths = Int32Array.from({ length: environments }, (_, at) => resumeFrom?.lengths[at] ?? 0);
  let steps = resumeFrom?.steps ?? 0;
  if (resumeFrom) {
    agent.restore(resumeFrom.agent);
    environment.restore(resumeFrom.environment);
  } else {
    environment.reset(seed);
  }
  const save = (): AgentTrainingState => ({
    agent: agent.save(),
    environment: environment.save(),
    steps,
    returns: [...returns],
    lengths: [...lengths],
  });
  while (steps < training.steps) {
    onStep?.(steps, save);
    const before = environment.observations.slice();
    const actions = agent.act(before, 'explore');
    const outcome = environment.step(actions);
    const figures = agent.learn(before, actions, outcome);
    steps += environments;
    if (figures) onUpdate?.(figures, steps);
    for (let at = 0; at < environments; at += 1) {
      returns[at]! += outcome.rewards[at]!;
      lengths[at]! += 1;
      if (outcome.terminated[at] === 0 && outcome.truncated[at] === 0) continue;
      onEpisode?.({ steps, episodeReturn: returns[at]!, length: lengths[at]! });
      returns[at] = 0;
      lengths[at] = 0;
    }
  }
}

/** Returns of the first episodes to end, without exploring or learning: at least `episodes` of them. */
export function episodeReturns(
  agent: Agent,
  environment: VectorEnvironment,
  { episodes, seed }: { readonly episodes: number; readonly seed: number },
): readonly number[] {
  environment.reset(seed);
  const running = new Float64Array(environment.environments);
  const ended: number[] = [];
  while (ended.length < episodes) {
    const { rewards, terminated, truncated } = environment.step(agent.act(environment.observations, 'exploit'));
    for (const [at, reward] of rewards.entries()) {
      running[at]! += reward;
      if (terminated[at] === 0 && truncated[at] === 0) continue;
      ended.push(running[at]!);
      running[at] = 0;
    }
  }
  return ended;
}
