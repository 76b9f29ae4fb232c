import { array, constantFrom, integer, record, type Arbitrary } from 'fast-check';
import { Graph, type Node } from '#models/graph/graph.ts';
import { GraphSession, type Floats } from '#models/graph/graphSession.ts';
import type { Activation, Layer, Network } from '#models/layers/layer.ts';
import { networkInGraph, parameterShapes } from '#models/layers/network.ts';
import { seededRandom } from '#domain/random.ts';
import { sizeOf } from '#models/graph/shape.ts';

const activation = constantFrom('none', 'relu', 'tanh', 'sigmoid');
const bodyKinds = ['conv1d', 'lstm', 'dense', 'positions', 'attentionBlock', 'dropout'] as const;
const size = integer({ min: 1, max: 5 });

interface Drawn {
  readonly kind: (typeof bodyKinds)[number];
  readonly size: number;
  readonly width: number;
  readonly activation: Activation;
}

const drawn: Arbitrary<Drawn> = record({
  kind: constantFrom(...bodyKinds),
  size,
  width: integer({ min: 1, max: 3 }),
  activation,
});

/** Networks of every kind of layer, in any order, ending in one number. */
export const networks: Arbitrary<Network> = record({
  steps: integer({ min: 3, max: 6 }),
  channels: size,
  body: array(drawn, { minLength: 1, maxLength: 4 }),
  ending: constantFrom('meanOverSteps', 'lastStep', 'lstm'),
}).map(({ steps, channels, body, ending }) => {
  const layers: Layer[] = [];
  for (const [index, part] of body.entries()) layers.push(layerOf(part, `${part.kind}${index}`));
  if (ending === 'lstm') layers.push({ kind: 'lstm', name: 'ending', units: 3, returns: 'last' });
  else layers.push({ kind: ending, name: 'ending' });
  layers.push({ kind: 'dense', name: 'output', units: 1, activation: 'none' });
  return { input: [steps, channels], layers };
});

function layerOf({ kind, size: units, width, activation: applied }: Drawn, name: string): Layer {
  switch (kind) {
    case 'conv1d':
      return { kind, name, filters: units, kernelSteps: width, padding: 'same', activation: applied };
    case 'lstm':
      return { kind, name, units, returns: 'sequence' };
    case 'attentionBlock':
      // One head fits any number of channels.
      return { kind, name, heads: 1, feedForward: units, dropout: 0.5 };
    case 'dropout':
      return { kind, name, rate: 0.5 };
    case 'positions':
      return { kind, name };
    case 'dense':
      break;
  }
  return { kind: 'dense', name, units, activation: applied };
}

/** Parameters between -0.5 and 0.5. */
export function randomParameters(network: Network, seed: number): Floats {
  const random = seededRandom(seed, 0);
  return Object.fromEntries(
    Object.entries(parameterShapes(network)).map(([name, shape]) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, () => random() - 0.5),
    ]),
  );
}

/** What the graph of a network answers. */
export async function graphOutputs(
  network: Network,
  parameters: Floats,
  { inputs, count }: { readonly inputs: Float32Array; readonly count: number },
): Promise<Float32Array> {
  const graph = new Graph();
  const shapes = parameterShapes(network);
  const x = graph.placeholder('x', [count, ...network.input]);
  const parameter = (name: string): Node =>
    (graph.variables.find((variable) => variable.name === name) ?? graph.variable(name, shapes[name]!)).value;
  const y = networkInGraph(network, x, { graph, parameter });
  graph.signature('run', { x }, { y: graph.after('y', y) });
  graph.stateSignatures();
  const session = await GraphSession.load(graph);
  try {
    session.run('assign', parameters);
    return session.run('run', { x: inputs }).y!;
  } finally {
    session.dispose();
  }
}
