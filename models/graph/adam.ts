import { onFloats, type Graph, type Node, type Variable } from './graph.ts';
import { rawBinary, rawReduce, rawUnary } from './operations.ts';
import { attribute } from './protobuf.ts';

const beta1 = 0.9;
const beta2 = 0.999;
const usualEpsilon = 1e-7;

/** What a step of Adam takes. */
export interface AdamStep {
  readonly gradients: readonly Node[];
  readonly learningRate: Node;
  /** Bound of the gradients' joint norm (Pascanu et al. 2013); without, they are taken as they are. */
  readonly clipNorm?: number;
  readonly epsilon?: number;
  /** Begins the names of the optimiser's variables: several optimisers in one graph need several. */
  readonly scope?: string;
}

/**
 * One step of Adam (Kingma and Ba 2015) over variables.
 * @returns names of the operations that must run for the step to be done
 */
export function adamStep(graph: Graph, variables: readonly Variable[], step: AdamStep): readonly string[] {
  const { scope = 'adam', epsilon = usualEpsilon } = step;
  const count = stepCount(graph, scope);
  const next = rawBinary(graph, 'AddV2', [count.value, graph.scalar(1)]);
  const powers = [beta1, beta2].map((beta) => rawBinary(graph, 'Pow', [graph.scalar(beta), next]));
  // TensorFlow's epsilon is the paper's "epsilon hat": scaled here so that the step is that of the paper.
  const correction = rawUnary(graph, 'Sqrt', rawBinary(graph, 'Sub', [graph.scalar(1), powers[1]!]));
  const scaledEpsilon = rawBinary(graph, 'Mul', [graph.scalar(epsilon), correction]);
  const clipped = step.clipNorm === undefined ? step.gradients : clipToGlobalNorm(graph, step.gradients, step.clipNorm);
  const applied = variables.map((variable, index) => {
    const mean = graph.variable(`${scope}/mean/${variable.name}`, variable.shape);
    const variance = graph.variable(`${scope}/variance/${variable.name}`, variable.shape);
    const name = `${scope}/apply/${variable.name}`;
    const rates = [step.learningRate, graph.scalar(beta1), graph.scalar(beta2), scaledEpsilon];
    // A gradient need not depend on its variable's value; who reads the value must see that before the step all the same.
    const read = `^${variable.value.name}`;
    graph.add({
      kind: 'ResourceApplyAdam',
      inputs: [variable.handle, mean.handle, variance.handle, ...powers, ...rates, clipped[index]!, read],
      attributes: { ...onFloats, use_locking: attribute.bool(false), use_nesterov: attribute.bool(false) },
      outputs: [],
      name,
    });
    return name;
  });
  return [...applied, graph.assign(count, next, `${scope}/count`)];
}

/** Number of steps an optimiser has taken: one variable, however often it is asked for. */
export function stepCount(graph: Graph, scope: string): Variable {
  const name = `${scope}/step`;
  return graph.variables.find((variable) => variable.name === name) ?? graph.variable(name, []);
}

/** Gradients scaled down together when their joint norm is over the bound. */
function clipToGlobalNorm(graph: Graph, gradients: readonly Node[], clipNorm: number): readonly Node[] {
  const squares = gradients.map((gradient) =>
    rawReduce(graph, 'Sum', [rawUnary(graph, 'Square', gradient), gradient.shape.map((_, axis) => axis)]),
  );
  const total = squares.reduce((sum, part) => rawBinary(graph, 'AddV2', [sum, part]));
  const bound = graph.scalar(clipNorm);
  const norm = rawBinary(graph, 'Maximum', [rawUnary(graph, 'Sqrt', total), bound]);
  const factor = rawBinary(graph, 'Div', [bound, norm]);
  return gradients.map((gradient) => rawBinary(graph, 'Mul', [gradient, factor]));
}
