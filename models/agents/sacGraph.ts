import { adamStep } from '../graph/adam.ts';
import { add, clip, exp, mean, minimum, scale, tanh } from '../graph/elementwise.ts';
import { Graph, type Node, type Variable } from '../graph/graph.ts';
import {
  multiply,
  rawBinary,
  rawReduce,
  rawReshape,
  rawUnary,
  reshape,
  square,
  subtract,
} from '../graph/operations.ts';
import { readAfter } from '../graph/readAfter.ts';
import type { AgentSizes } from './agent.ts';
import { gaussianLogDensity, logSquashing } from './gaussian.ts';
import {
  declareParameters,
  perceptron,
  perceptronParameters,
  type ParameterPlace,
  type PerceptronShape,
} from './perceptron.ts';

/** Everything that fixes the graph of soft actor-critic. */
export interface SacPlan extends AgentSizes {
  /** Units of each hidden layer, of the actor and of each critic. */
  readonly hidden: readonly number[];
  readonly batchSize: number;
  /** Discount of a step later. */
  readonly gamma: number;
  /** Entropy that the temperature is steered to; minus the number of actions as published. */
  readonly targetEntropy: number;
}

/** The two critics that learn, and by the same names those that lag behind them. */
const critics = ['critic1', 'critic2'] as const;
/** Bounds of the logarithm of the policy's deviation. */
const logDeviationBounds = [-20, 2] as const;

const actorShape = ({ observationSize, actionSize, hidden }: SacPlan) =>
  ({
    inputs: [observationSize],
    hidden,
    activation: 'relu',
    outputs: { mean: actionSize, logDeviation: actionSize },
  }) as const satisfies PerceptronShape;
const criticShape = ({ observationSize, actionSize, hidden }: SacPlan) =>
  ({
    inputs: [observationSize, actionSize],
    hidden,
    activation: 'relu',
    outputs: { value: 1 },
  }) as const satisfies PerceptronShape;

/** The parameters that are drawn at the beginning; the lagging critics begin as copies, the temperature at one. */
export function sacParameters(plan: SacPlan): readonly ParameterPlace[] {
  return [
    ...perceptronParameters('actor', actorShape(plan)),
    ...critics.flatMap((critic) => perceptronParameters(critic, criticShape(plan))),
  ];
}

/** Name of the lagging copy of a critic's parameter. */
export function laggingName(name: string): string {
  return `lagging/${name}`;
}

type Parameter = (name: string) => Node;

/** What a policy does in each row: actions in [-1, 1] and the logarithm of their density. */
interface Acted {
  readonly actions: Node;
  readonly logDensity: Node;
}

/**
 * Soft actor-critic (Haarnoja et al. 2018, with the temperature of its second paper) as one graph. Signatures: `act`
 * (observations, noise) and `update` (observations, actions, rewards, next, continues, two noises, learning rate, tau),
 * which steps critics, actor and temperature and moves the lagging critics, in this order; `assign` and `read`.
 */
export function buildSacGraph(plan: SacPlan): Graph {
  const graph = new Graph();
  const { environments, observationSize, actionSize, batchSize } = plan;
  const variables = new Map<string, Variable>();
  for (const variable of declareParameters(graph, sacParameters(plan))) variables.set(variable.name, variable);
  for (const critic of critics) {
    for (const { name, shape } of perceptronParameters(critic, criticShape(plan))) {
      variables.set(laggingName(name), graph.variable(laggingName(name), shape));
    }
  }
  variables.set('logTemperature', graph.variable('logTemperature', []));
  const seen = graph.placeholder('seen', [environments, observationSize]);
  const chance = graph.placeholder('chance', [environments, actionSize]);
  const acted = act(graph, plan, {
    observations: seen,
    noise: chance,
    parameter: (name) => variables.get(name)!.value,
  });
  graph.signature('act', { observations: seen, noise: chance }, { actions: graph.after('acted', acted.actions) });
  const feeds = {
    observations: graph.placeholder('observations', [batchSize, observationSize]),
    actions: graph.placeholder('actions', [batchSize, actionSize]),
    rewards: graph.placeholder('rewards', [batchSize]),
    next: graph.placeholder('next', [batchSize, observationSize]),
    continues: graph.placeholder('continues', [batchSize]),
    noise: graph.placeholder('noise', [batchSize, actionSize]),
    nextNoise: graph.placeholder('next_noise', [batchSize, actionSize]),
    learningRate: graph.placeholder('learning_rate', []),
    tau: graph.placeholder('tau', []),
  };
  graph.signature('update', feeds, buildUpdate(graph, plan, { feeds, variables }));
  graph.stateSignatures();
  return graph;
}

function act(
  graph: Graph,
  plan: SacPlan,
  { observations, noise, parameter }: { observations: Node; noise: Node; parameter: Parameter },
): Acted {
  const outputs = perceptron(graph, { scope: 'actor', shape: actorShape(plan), x: [observations] }, parameter);
  const logDeviation = clip(graph, outputs.logDeviation, logDeviationBounds);
  const drawn = add(graph, outputs.mean, multiply(graph, exp(graph, logDeviation), noise));
  const density = gaussianLogDensity(graph, noise, logDeviation);
  return { actions: tanh(graph, drawn), logDensity: subtract(graph, density, logSquashing(graph, drawn)) };
}

function valueOf(
  graph: Graph,
  plan: SacPlan,
  { critic, x, parameter }: { critic: string; x: readonly [Node, Node]; parameter: Parameter },
): Node {
  const { value } = perceptron(graph, { scope: critic, shape: criticShape(plan), x }, parameter);
  return reshape(graph, value, [value.shape[0]!]);
}

interface Update {
  readonly feeds: Readonly<
    Record<
      'observations' | 'actions' | 'rewards' | 'next' | 'continues' | 'noise' | 'nextNoise' | 'learningRate' | 'tau',
      Node
    >
  >;
  readonly variables: ReadonlyMap<string, Variable>;
}

/** The order in which Haarnoja's algorithm and its usual implementations step: what follows sees what was stepped. */
function buildUpdate(graph: Graph, plan: SacPlan, { feeds, variables }: Update): Readonly<Record<string, Node>> {
  const { learningRate, observations } = feeds;
  const before: Parameter = (name) => variables.get(name)!.value;
  const own = (scope: string): readonly Variable[] =>
    [...variables.values()].filter(({ name }) => name.startsWith(`${scope}/`));
  const temperature = rawUnary(graph, 'Exp', before('logTemperature'));

  const target = targetValue(graph, plan, { feeds, parameter: before, temperature });
  const x = [observations, feeds.actions] as const;
  const losses = critics.map((critic) => {
    const value = valueOf(graph, plan, { critic, x, parameter: before });
    return scale(graph, mean(graph, square(graph, subtract(graph, value, target))), 0.5);
  });
  const criticLoss = add(graph, losses[0]!, losses[1]!);
  const learners = critics.flatMap(own);
  const criticSteps = stepOn(graph, criticLoss, { variables: learners, learningRate, scope: 'adam/critics' });
  const stepped = new Map(
    learners.map((variable, at) => [variable.name, readAfter(graph, variable, [criticSteps[at]!])]),
  );

  const acted = act(graph, plan, { observations, noise: feeds.noise, parameter: before });
  const values = critics.map((critic) => {
    const chosen = [observations, acted.actions] as const;
    return valueOf(graph, plan, { critic, x: chosen, parameter: (name) => stepped.get(name)! });
  });
  const lesser = minimum(graph, values[0]!, values[1]!);
  const actorLoss = mean(graph, subtract(graph, scale(graph, acted.logDensity, temperature), lesser));
  const actorSteps = stepOn(graph, actorLoss, { variables: own('actor'), learningRate, scope: 'adam/actor' });

  const surplus = rawBinary(graph, 'AddV2', [acted.logDensity, graph.scalar(plan.targetEntropy)]);
  const gradients = [rawUnary(graph, 'Neg', rawReduce(graph, 'Mean', [surplus, [0]]))];
  const heat = [variables.get('logTemperature')!];
  const heatSteps = adamStep(graph, heat, { gradients, learningRate, scope: 'adam/temperature' });

  const moved = learners.map(({ name }) => {
    const lagging = variables.get(laggingName(name))!;
    const gap = rawBinary(graph, 'Sub', [stepped.get(name)!, lagging.value]);
    const nearer = rawBinary(graph, 'AddV2', [lagging.value, rawBinary(graph, 'Mul', [gap, feeds.tau])]);
    return graph.assign(lagging, nearer, `follow/${name}`);
  });
  const meanValue = rawReduce(graph, 'Mean', [lesser, [0]]);
  return {
    criticLoss: graph.after('critic_loss', criticLoss, [...criticSteps, ...actorSteps, ...heatSteps, ...moved]),
    actorLoss: graph.after('actor_loss', actorLoss),
    temperature: graph.after('temperature', temperature),
    value: graph.after('mean_value', meanValue),
  };
}

/** Reward and the discounted soft value of the next state, by the lesser of the lagging critics. */
function targetValue(
  graph: Graph,
  plan: SacPlan,
  { feeds, parameter, temperature }: Pick<Update, 'feeds'> & { parameter: Parameter; temperature: Node },
): Node {
  const acted = act(graph, plan, { observations: feeds.next, noise: feeds.nextNoise, parameter });
  const [first, second] = critics.map((critic) => {
    const x = [feeds.next, acted.actions] as const;
    return valueOf(graph, plan, { critic, x, parameter: (name) => parameter(laggingName(name)) });
  });
  const entropy = rawBinary(graph, 'Mul', [acted.logDensity, temperature]);
  const soft = rawBinary(graph, 'Sub', [rawBinary(graph, 'Minimum', [first!, second!]), entropy]);
  const kept = rawBinary(graph, 'Mul', [feeds.continues, graph.scalar(plan.gamma)]);
  return rawReshape(graph, rawBinary(graph, 'AddV2', [feeds.rewards, rawBinary(graph, 'Mul', [kept, soft])]), [
    plan.batchSize,
  ]);
}

function stepOn(
  graph: Graph,
  loss: Node,
  { variables, learningRate, scope }: { variables: readonly Variable[]; learningRate: Node; scope: string },
): readonly string[] {
  const gradients = graph.gradients(
    loss,
    variables.map(({ value }) => value),
  );
  return adamStep(graph, variables, { gradients, learningRate, scope });
}
