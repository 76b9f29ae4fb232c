import { adamStep } from '../graph/adam.ts';
import { add, clip, exp, logSoftmax, mean, minimum, scale, shift, sumRows } from '../graph/elementwise.ts';
import { Graph, type Node, type Variable } from '../graph/graph.ts';
import { addBias, multiply, reshape, square, subtract } from '../graph/operations.ts';
import type { AgentSizes } from './agent.ts';
import { gaussianLogDensity } from './gaussian.ts';
import {
  declareParameters,
  perceptron,
  perceptronParameters,
  type ParameterPlace,
  type PerceptronShape,
} from './perceptron.ts';

/** Everything that fixes the graph of proximal policy optimisation. */
export interface PpoPlan extends AgentSizes {
  /** A Gaussian whose deviation does not depend on the state, or shares of choices. */
  readonly actionKind: 'continuous' | 'discrete';
  /** Units of each hidden layer, of the policy and of the value. */
  readonly hidden: readonly number[];
  readonly batchSize: number;
  /** How far the ratio of new to old density counts, from one. */
  readonly clipRange: number;
  readonly valueWeight: number;
  readonly entropyWeight: number;
  /** Bound of the gradients' joint norm. */
  readonly clipNorm: number;
}

const policyShape = ({ observationSize, actionSize, hidden }: PpoPlan) =>
  ({
    inputs: [observationSize],
    hidden,
    activation: 'tanh',
    outputs: { center: actionSize },
  }) as const satisfies PerceptronShape;
const valueShape = ({ observationSize, hidden }: PpoPlan) =>
  ({ inputs: [observationSize], hidden, activation: 'tanh', outputs: { value: 1 } }) as const satisfies PerceptronShape;

/** The parameters that are drawn at the beginning; a Gaussian's deviation begins at one. */
export function ppoParameters(plan: PpoPlan): readonly ParameterPlace[] {
  return [...perceptronParameters('policy', policyShape(plan)), ...perceptronParameters('value', valueShape(plan))];
}

/**
 * Proximal policy optimisation (Schulman et al. 2017) as one graph. Signatures: `act` (observations, noise), which adds
 * noise to the policy's center, `judge` (observations, actions), which gives values and the logarithm of the actions'
 * density, and `update` (observations, actions, log densities, advantages, returns, learning rate); `assign`, `read`.
 * Discrete actions are rows with a single one, and the noise of `act` is Gumbel's, so that the largest is a draw.
 */
export function buildPpoGraph(plan: PpoPlan): Graph {
  const graph = new Graph();
  const { environments, observationSize, actionSize, batchSize } = plan;
  const variables = new Map<string, Variable>();
  for (const variable of declareParameters(graph, ppoParameters(plan))) variables.set(variable.name, variable);
  if (plan.actionKind === 'continuous') variables.set('logDeviation', graph.variable('logDeviation', [actionSize]));
  const parameters = [...graph.variables];
  const build: Build = { graph, plan, parameter: (name) => variables.get(name)!.value };

  const seen = graph.placeholder('seen', [environments, observationSize]);
  const chance = graph.placeholder('chance', [environments, actionSize]);
  const center = centerOf(build, seen);
  const deviation = plan.actionKind === 'continuous' ? exp(graph, logDeviationOf(build, environments)) : undefined;
  const drawn = add(graph, center, deviation ? multiply(graph, deviation, chance) : chance);
  graph.signature('act', { observations: seen, noise: chance }, { drawn: graph.after('drawn', drawn) });

  const rows = (name: string): Node => graph.placeholder(name, [batchSize]);
  const feeds = {
    observations: graph.placeholder('observations', [batchSize, observationSize]),
    actions: graph.placeholder('actions', [batchSize, actionSize]),
    logDensities: rows('log_densities'),
    advantages: rows('advantages'),
    returns: rows('returns'),
    learningRate: graph.placeholder('learning_rate', []),
  };
  const { observations, actions } = feeds;
  const judged = judge(build, observations, actions);
  graph.signature(
    'judge',
    { observations, actions },
    { values: graph.after('values', judged.values), logDensities: graph.after('densities', judged.logDensity) },
  );
  const losses = lossesOf(build, judged, feeds);
  const gradients = graph.gradients(
    losses.total,
    parameters.map(({ value }) => value),
  );
  const { learningRate } = feeds;
  const steps = adamStep(graph, parameters, { gradients, learningRate, clipNorm: plan.clipNorm, epsilon: 1e-5 });
  graph.signature('update', feeds, {
    policyLoss: graph.after('policy_loss', losses.policy, steps),
    valueLoss: graph.after('value_loss', losses.value),
    entropy: graph.after('entropy', losses.entropy),
  });
  graph.stateSignatures();
  return graph;
}

interface Build {
  readonly graph: Graph;
  readonly plan: PpoPlan;
  readonly parameter: (name: string) => Node;
}

interface Judged {
  /** Shape [batch] each. */
  readonly values: Node;
  readonly logDensity: Node;
  /** A scalar. */
  readonly entropy: Node;
}

function centerOf({ graph, plan, parameter }: Build, observations: Node): Node {
  return perceptron(graph, { scope: 'policy', shape: policyShape(plan), x: [observations] }, parameter).center;
}

/** The deviation's logarithm in every row, shape [rows, actionSize]. */
function logDeviationOf({ graph, plan, parameter }: Build, rows: number): Node {
  return addBias(graph, graph.filled([rows, plan.actionSize], 0), parameter('logDeviation'));
}

function judge(build: Build, observations: Node, actions: Node): Judged {
  const { graph, plan, parameter } = build;
  const { value } = perceptron(graph, { scope: 'value', shape: valueShape(plan), x: [observations] }, parameter);
  const values = reshape(graph, value, [plan.batchSize]);
  const center = centerOf(build, observations);
  if (plan.actionKind === 'discrete') {
    const logShares = logSoftmax(graph, center);
    const surprise = scale(graph, sumRows(graph, multiply(graph, exp(graph, logShares), logShares)), -1);
    return { values, logDensity: sumRows(graph, multiply(graph, logShares, actions)), entropy: mean(graph, surprise) };
  }
  const logDeviation = logDeviationOf(build, plan.batchSize);
  const inverse = exp(graph, scale(graph, logDeviation, -1));
  const noise = multiply(graph, subtract(graph, actions, center), inverse);
  const perNumber = shift(graph, logDeviation, 0.5 * Math.log(2 * Math.PI * Math.E));
  return {
    values,
    logDensity: gaussianLogDensity(graph, noise, logDeviation),
    entropy: mean(graph, sumRows(graph, perNumber)),
  };
}

function lossesOf(
  { graph, plan }: Build,
  { values, logDensity, entropy }: Judged,
  { logDensities, advantages, returns }: Readonly<Record<'logDensities' | 'advantages' | 'returns', Node>>,
): Readonly<Record<'policy' | 'value' | 'entropy' | 'total', Node>> {
  const ratio = exp(graph, subtract(graph, logDensity, logDensities));
  const clipped = clip(graph, ratio, [1 - plan.clipRange, 1 + plan.clipRange]);
  const gain = minimum(graph, multiply(graph, ratio, advantages), multiply(graph, clipped, advantages));
  const policy = scale(graph, mean(graph, gain), -1);
  const value = mean(graph, square(graph, subtract(graph, values, returns)));
  const weighted = add(graph, policy, scale(graph, value, plan.valueWeight));
  return { policy, value, entropy, total: add(graph, weighted, scale(graph, entropy, -plan.entropyWeight)) };
}
