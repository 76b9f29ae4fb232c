import type { Floats } from '../graph/graphSession.ts';
import type { Layer, Network } from '../layers/layer.ts';
import { layersInOnnx } from '../layers/network.ts';
import { OnnxSession, type OnnxOptions } from '../onnx/onnxSession.ts';
import { OnnxWriter } from '../onnx/onnxWriter.ts';
import { orderOfChoice } from '../environment/singleOrders.ts';
import type { AgentSpec, DqnSpec } from './agentSpec.ts';
import { largest } from './choices.ts';
import { dqnNetworks } from './dqnGraph.ts';

/** What a policy sees and what it trades. */
export interface PolicyShape {
  readonly observationSize: number;
  readonly stocks: number;
}

/**
 * The part of an agent that acts, as an ONNX model of opset 17 with input `x`, [batch, observationSize], and output `y`:
 * what `Agent.policy` answers.
 * @param parameters the agent's; those of critics and optimisers are left out
 * @throws Failure MODEL_SHAPE_MISMATCH when a parameter is missing or has another size
 */
export function policyInOnnx(spec: AgentSpec, shape: PolicyShape, parameters: Floats): Uint8Array {
  const onnx = new OnnxWriter('float32');
  const x = onnx.input('x', ['batch', shape.observationSize]);
  if (spec.kind === 'dqn') {
    const values = choicesInOnnx(spec, shape, { onnx, x, parameters });
    onnx.output(values, 'y', ['batch', 2 * shape.stocks + 1]);
    return onnx.encode();
  }
  const network = policyNetwork(spec, shape);
  const own = perceptronParameters(parameters, spec.kind === 'sac' ? 'actor' : 'policy');
  onnx.output(layersInOnnx(network, x, { onnx, parameters: own }), 'y', ['batch', shape.stocks]);
  return onnx.encode();
}

/** The perceptron of an agent whose actions are numbers, as layers. */
function policyNetwork(
  { kind, hidden }: Exclude<AgentSpec, DqnSpec>,
  { observationSize, stocks }: PolicyShape,
): Network {
  const isActor = kind === 'sac';
  const layers: Layer[] = hidden.map((units, index) => {
    return { kind: 'dense', name: `layer${index}`, units, activation: isActor ? 'relu' : 'tanh' };
  });
  const last = { name: isActor ? 'mean' : 'center', activation: isActor ? 'tanh' : 'none' } as const;
  return { input: [observationSize], layers: [...layers, { kind: 'dense', units: stocks, ...last }] };
}

/** A perceptron's parameters as those of dense layers: each has a single input. */
function perceptronParameters(parameters: Floats, scope: string): Floats {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.startsWith(`${scope}/`))
      .map(([name, values]) => [name.slice(scope.length + 1).replace(/\/kernel0$/, '/kernel'), values]),
  );
}

function choicesInOnnx(
  spec: DqnSpec,
  { observationSize, stocks }: PolicyShape,
  { onnx, x, parameters: all }: { readonly onnx: OnnxWriter; readonly x: string; readonly parameters: Floats },
): string {
  const sizes = { observationSize, actionSize: 2 * stocks + 1 };
  const { embedding, attention, choices, state } = dqnNetworks({ ...spec, ...sizes });
  const parameters = perceptronParameters(all, 'learner');
  const part = (network: Network, from: string): string => layersInOnnx(network, from, { onnx, parameters });
  const embedded = onnx.node('Reshape', [part(embedding, x), onnx.wholes([-1, spec.tokens, spec.width])]);
  const body = part(attention, embedded);
  const each = part(choices, body);
  if (!spec.isDueling) return each;
  const apart = onnx.node('Sub', [each, onnx.node('ReduceMean', [each], { axes: [1], keepdims: 1 })]);
  return onnx.node('Add', [part(state, body), apart]);
}

/**
 * What is ordered of each stock, in [-1, 1], from one row of a policy's answer: numbers as they are, cut at their bounds,
 * or the single order of the most valued choice.
 */
export function ordersOf(kind: AgentSpec['kind'], answer: Float32Array, stocks: number): Float32Array {
  if (kind === 'dqn') return orderOfChoice(largest(answer, answer.length)[0]!, stocks);
  return answer.map((number) => Math.max(-1, Math.min(1, number)));
}

/** A policy that is served: what it answers to an observation, and what it orders then. */
export interface ServedPolicy {
  answer(observation: Float32Array): Float32Array;
  orders(observation: Float32Array): Float32Array;
  release(): Promise<void>;
}

/**
 * A policy served by ONNX Runtime.
 * @throws Failure as `OnnxSession.load`
 */
export async function loadPolicy(
  model: Uint8Array,
  { kind, observationSize, stocks }: PolicyShape & Pick<AgentSpec, 'kind'>,
  options: OnnxOptions = { provider: 'cpu', threads: 1 },
): Promise<ServedPolicy> {
  const session = await OnnxSession.load(model, [observationSize], options);
  const answer = (observation: Float32Array): Float32Array => session.compute(observation);
  return {
    answer,
    orders: (observation) => ordersOf(kind, answer(observation), stocks),
    release: () => session.release(),
  };
}
