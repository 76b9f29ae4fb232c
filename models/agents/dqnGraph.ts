import { adamStep } from '../graph/adam.ts';
import { add, clip, mean, scale, sumRows } from '../graph/elementwise.ts';
import { Graph, type Node, type Variable } from '../graph/graph.ts';
import { matmul, multiply, rawBinary, rawReduce, rawUnary, reshape, square, subtract } from '../graph/operations.ts';
import { attribute, dataTypes } from '../graph/protobuf.ts';
import type { Network } from '../layers/layer.ts';
import { networkInGraph, parameterShapes } from '../layers/network.ts';
import type { AgentSizes } from './agent.ts';

/** The network that values choices. */
export interface AttentionSettings {
  /** Tokens that an observation is embedded as; they attend to each other. */
  readonly tokens: number;
  /** Channels of a token; the heads share them evenly. */
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Units of each block's feed-forward part, and of the layer before the values. */
  readonly feedForward: number;
}

/** Everything that fixes the graph of a deep Q-network. */
export interface DqnPlan extends AgentSizes, AttentionSettings {
  readonly batchSize: number;
  /** Chooses the next action by the learner, values it by the lagging network (van Hasselt et al. 2016). */
  readonly isDouble: boolean;
  /** Values the state apart from what each choice adds to it (Wang et al. 2016). */
  readonly isDueling: boolean;
  /** Bound of the gradients' joint norm. */
  readonly clipNorm: number;
}

/** The parts of the network: an embedding, attention over tokens, and the values. */
export function dqnNetworks(plan: DqnPlan): Readonly<Record<'embedding' | 'attention' | 'choices' | 'state', Network>> {
  const { observationSize, actionSize, tokens, width, heads, blocks, feedForward } = plan;
  const dense = (name: string, units: number) => ({ kind: 'dense', name, units, activation: 'none' }) as const;
  const block = (index: number) =>
    ({ kind: 'attentionBlock', name: `block${index + 1}`, heads, feedForward, dropout: 0 }) as const;
  return {
    embedding: { input: [observationSize], layers: [dense('embedding', tokens * width)] },
    attention: {
      input: [tokens, width],
      layers: [
        { kind: 'positions', name: 'positions' },
        ...Array.from({ length: blocks }, (_, index) => block(index)),
        { kind: 'meanOverSteps', name: 'mean' },
        { ...dense('hidden', feedForward), activation: 'relu' },
      ],
    },
    choices: { input: [feedForward], layers: [dense('choices', actionSize)] },
    state: { input: [feedForward], layers: plan.isDueling ? [dense('state', 1)] : [] },
  };
}

type Parameter = (name: string) => Node;

/**
 * A deep Q-network (Mnih et al. 2015) whose body is multi-head attention, as one graph. Signatures: `value`
 * (observations) and `update` (observations, actions as rows with a single one, rewards, next, continues, weights,
 * learning rate, tau), which steps the learner and then moves the lagging network; `assign` and `read`.
 */
export function buildDqnGraph(plan: DqnPlan): Graph {
  const graph = new Graph();
  const { environments, observationSize, actionSize, batchSize } = plan;
  const shapes = Object.assign({}, ...Object.values(dqnNetworks(plan)).map(parameterShapes)) as ReturnType<
    typeof parameterShapes
  >;
  const declare = (scope: string): ReadonlyMap<string, Variable> =>
    new Map(Object.entries(shapes).map(([name, shape]) => [name, graph.variable(`${scope}/${name}`, shape)]));
  const [learner, lagging] = [declare('learner'), declare('lagging')];
  const of =
    (variables: ReadonlyMap<string, Variable>): Parameter =>
    (name) =>
      variables.get(name)!.value;

  const seen = graph.placeholder('seen', [environments, observationSize]);
  graph.signature(
    'value',
    { observations: seen },
    { values: graph.after('seen_values', valuesOf(graph, plan, { x: seen, parameter: of(learner) })) },
  );

  const feeds = {
    observations: graph.placeholder('observations', [batchSize, observationSize]),
    actions: graph.placeholder('actions', [batchSize, actionSize]),
    rewards: graph.placeholder('rewards', [batchSize]),
    next: graph.placeholder('next', [batchSize, observationSize]),
    continues: graph.placeholder('continues', [batchSize]),
    weights: graph.placeholder('weights', [batchSize]),
    learningRate: graph.placeholder('learning_rate', []),
    tau: graph.placeholder('tau', []),
  };
  const target = targetOf(graph, plan, { feeds, learner: of(learner), lagging: of(lagging) });
  const values = valuesOf(graph, plan, { x: feeds.observations, parameter: of(learner) });
  const chosen = sumRows(graph, multiply(graph, values, feeds.actions));
  const difference = subtract(graph, chosen, target);
  const loss = mean(graph, multiply(graph, huber(graph, difference), feeds.weights));
  const variables = [...learner.values()];
  const gradients = graph.gradients(
    loss,
    variables.map(({ value }) => value),
  );
  const { learningRate } = feeds;
  const steps = adamStep(graph, variables, { gradients, learningRate, clipNorm: plan.clipNorm });
  const moved = [...lagging].map(([name, { value, ...variable }]) => {
    // The learner's value before its step: a step of lag more, which no one can tell.
    const gap = rawBinary(graph, 'Sub', [learner.get(name)!.value, value]);
    const nearer = rawBinary(graph, 'AddV2', [value, rawBinary(graph, 'Mul', [gap, feeds.tau])]);
    return graph.assign({ value, ...variable }, nearer, `follow/${name}`);
  });
  graph.signature('update', feeds, {
    loss: graph.after('loss', loss, [...steps, ...moved]),
    value: graph.after('mean_value', rawReduce(graph, 'Mean', [chosen, [0]])),
    surprises: graph.after('surprises', rawUnary(graph, 'Abs', difference)),
  });
  graph.stateSignatures();
  return graph;
}

/** Values of every choice, shape [batch, choices]. */
function valuesOf(
  graph: Graph,
  plan: DqnPlan,
  { x, parameter }: { readonly x: Node; readonly parameter: Parameter },
): Node {
  const { embedding, attention, choices, state } = dqnNetworks(plan);
  const build = { graph, parameter };
  const rows = x.shape[0]!;
  const embedded = reshape(graph, networkInGraph(embedding, x, build), [rows, plan.tokens, plan.width]);
  const body = networkInGraph(attention, embedded, build);
  const each = networkInGraph(choices, body, build);
  if (!plan.isDueling) return each;
  const count = plan.actionSize;
  const centring = Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? 1 : 0) - 1 / count);
  const apart = matmul(graph, each, graph.constant(centring, [count, count]));
  const common = matmul(graph, networkInGraph(state, body, build), graph.filled([1, count], 1));
  return add(graph, common, apart);
}

function targetOf(
  graph: Graph,
  plan: DqnPlan,
  given: {
    readonly feeds: Readonly<Record<'next' | 'rewards' | 'continues', Node>>;
    readonly learner: Parameter;
    readonly lagging: Parameter;
  },
): Node {
  const { next, rewards, continues } = given.feeds;
  const values = valuesOf(graph, plan, { x: next, parameter: given.lagging });
  const judge = plan.isDouble ? valuesOf(graph, plan, { x: next, parameter: given.learner }) : values;
  const best = rawBinary(graph, 'Mul', [values, rawBest(graph, judge)]);
  const later = rawBinary(graph, 'Mul', [continues, rawReduce(graph, 'Sum', [best, [1]])]);
  return rawBinary(graph, 'AddV2', [rewards, later]);
}

/** Rows of zeros with a one where the row is largest. */
function rawBest(graph: Graph, values: Node): Node {
  const [rows = 0, choices = 0] = values.shape;
  const index = graph.one({
    kind: 'ArgMax',
    inputs: [values, graph.scalar(1, dataTypes.int32)],
    attributes: {
      T: attribute.type(dataTypes.float),
      Tidx: attribute.type(dataTypes.int32),
      output_type: attribute.type(dataTypes.int32),
    },
    shape: [rows],
    type: dataTypes.int32,
  });
  const bounds = [graph.scalar(choices, dataTypes.int32), graph.scalar(1), graph.scalar(0)];
  const attributes = {
    T: attribute.type(dataTypes.float),
    TI: attribute.type(dataTypes.int32),
    axis: attribute.int(-1),
  };
  return graph.one({ kind: 'OneHot', inputs: [index, ...bounds], attributes, shape: values.shape });
}

/** Half the square up to one, and the distance less a half beyond (Huber 1964). */
function huber(graph: Graph, difference: Node): Node {
  const near = clip(graph, difference, [-1, 1]);
  return subtract(graph, multiply(graph, near, difference), scale(graph, square(graph, near), 0.5));
}
