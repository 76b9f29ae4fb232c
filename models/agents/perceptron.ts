import { add, tanh } from '../graph/elementwise.ts';
import type { Graph, Node, Variable } from '../graph/graph.ts';
import { addBias, matmul, relu } from '../graph/operations.ts';
import type { Shape } from '../graph/shape.ts';

/** Sizes of a multi-layer perceptron. */
export interface PerceptronShape {
  /** Width of each input; the first layer adds what it makes of each. */
  readonly inputs: readonly number[];
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: 'relu' | 'tanh';
  /** Names and widths of the outputs, each a linear layer on the last hidden one. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** Where a parameter stands: what its first values are drawn by. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: Shape;
  /** All inputs of its layer together. */
  readonly fanIn: number;
  readonly layer: 'hidden' | 'output';
}

/** Names, shapes and places of a perceptron's parameters, in the order in which they are declared and drawn. */
export function perceptronParameters(scope: string, shape: PerceptronShape): readonly ParameterPlace[] {
  const { inputs, hidden, outputs } = shape;
  const places: ParameterPlace[] = [];
  let widths = inputs;
  for (const [index, units] of hidden.entries()) {
    const fanIn = widths.reduce((sum, width) => sum + width, 0);
    const own = { fanIn, layer: 'hidden' } as const;
    for (const [input, width] of widths.entries()) {
      places.push({ name: `${scope}/layer${index}/kernel${input}`, shape: [width, units], ...own });
    }
    places.push({ name: `${scope}/layer${index}/bias`, shape: [units], ...own });
    widths = [units];
  }
  const fanIn = widths.reduce((sum, width) => sum + width, 0);
  for (const [output, width] of Object.entries(outputs)) {
    const own = { fanIn, layer: 'output' } as const;
    places.push({ name: `${scope}/${output}/kernel`, shape: [fanIn, width], ...own });
    places.push({ name: `${scope}/${output}/bias`, shape: [width], ...own });
  }
  return places;
}

/** Declares a perceptron's parameters as variables. */
export function declareParameters(graph: Graph, places: readonly ParameterPlace[]): readonly Variable[] {
  return places.map(({ name, shape }) => graph.variable(name, shape));
}

/**
 * A perceptron's outputs for a batch.
 * @param x one tensor [batch, width] an input
 * @param parameter value of a parameter by its name
 * @returns each output by its name, [batch, width]
 */
export function perceptron<Shape extends PerceptronShape>(
  graph: Graph,
  { scope, shape, x }: { readonly scope: string; readonly shape: Shape; readonly x: readonly Node[] },
  parameter: (name: string) => Node,
): Readonly<Record<keyof Shape['outputs'], Node>> {
  let reached = x;
  for (const index of shape.hidden.keys()) {
    const layer = `${scope}/layer${index}`;
    const mixed = reached
      .map((input, at) => matmul(graph, input, parameter(`${layer}/kernel${at}`)))
      .reduce((sum, part) => add(graph, sum, part));
    const lifted = addBias(graph, mixed, parameter(`${layer}/bias`));
    reached = [shape.activation === 'relu' ? relu(graph, lifted) : tanh(graph, lifted)];
  }
  const output = (name: string): Node =>
    addBias(
      graph,
      matmul(graph, reached[0]!, parameter(`${scope}/${name}/kernel`)),
      parameter(`${scope}/${name}/bias`),
    );
  const outputs = Object.keys(shape.outputs).map((name) => [name, output(name)] as const);
  return Object.fromEntries(outputs) as Readonly<Record<keyof Shape['outputs'], Node>>;
}
