import type { EnvironmentState, StepOutcome, VectorEnvironment } from '../environment/environment.ts';
import type { Agent, AgentState, LearningFigures } from './agent.ts';
import { requireFiniteActions } from './finiteFigures.ts';

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
 * An agent that acts and learns, stretch by stretch. The same seeds give the same agent, bit for bit, however the run
 * was cut into stretches and whether or not it was interrupted and resumed.
 */
export class AgentRun {
  private readonly training: Omit<AgentTraining, 'steps'>;
  private readonly returns: Float64Array;
  private readonly lengths: Int32Array;
  private done: number;

  constructor(training: Omit<AgentTraining, 'steps'>) {
    const { agent, environment, seed, resumeFrom } = training;
    const { environments } = environment;
    this.training = training;
    this.returns = Float64Array.from({ length: environments }, (_, at) => resumeFrom?.returns[at] ?? 0);
    this.lengths = Int32Array.from({ length: environments }, (_, at) => resumeFrom?.lengths[at] ?? 0);
    this.done = resumeFrom?.steps ?? 0;
    if (resumeFrom) {
      agent.restore(resumeFrom.agent);
      environment.restore(resumeFrom.environment);
    } else {
      environment.reset(seed);
    }
  }

  /** Steps so far, over all environments. */
  get steps(): number {
    return this.done;
  }

  /** Everything needed to go on from here in another run. */
  save(): AgentTrainingState {
    const { agent, environment } = this.training;
    return {
      agent: agent.save(),
      environment: environment.save(),
      steps: this.done,
      returns: [...this.returns],
      lengths: [...this.lengths],
    };
  }

  /**
   * Goes on until as many steps are done, over all environments.
   * @throws Failure TRAINING_DIVERGED when a figure of an update, or an action, is not finite
   */
  advance(steps: number): void {
    const { agent, environment, onUpdate, onStep } = this.training;
    const save = (): AgentTrainingState => this.save();
    while (this.done < steps) {
      onStep?.(this.done, save);
      const before = environment.observations.slice();
      const actions = requireFiniteActions(agent.act(before, 'explore'), this.done);
      const outcome = environment.step(actions);
      const figures = agent.learn(before, actions, outcome);
      this.done += environment.environments;
      if (figures) onUpdate?.(figures, this.done);
      this.countEpisodes(outcome);
    }
  }

  private countEpisodes({ rewards, terminated, truncated }: StepOutcome): void {
    const { returns, lengths } = this;
    for (const [at, reward] of rewards.entries()) {
      returns[at]! += reward;
      lengths[at]! += 1;
      if (terminated[at] === 0 && truncated[at] === 0) continue;
      this.training.onEpisode?.({ steps: this.done, episodeReturn: returns[at]!, length: lengths[at]! });
      returns[at] = 0;
      lengths[at] = 0;
    }
  }
}

/** Lets an agent act and learn until its steps are done. @throws as `AgentRun.advance` */
export function trainAgent({ steps, ...training }: AgentTraining): void {
  new AgentRun(training).advance(steps);
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
