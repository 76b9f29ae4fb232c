import { expect } from 'vitest';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { Graph, type Node } from '#models/graph/graph.ts';
import { GraphSession, type Floats } from '#models/graph/graphSession.ts';
import { multiply, sum } from '#models/graph/operations.ts';
import { sizeOf, type Shape } from '#models/graph/shape.ts';
import { seededRandom } from '#domain/random.ts';
import { tensorflow } from '#models/tensorflow.ts';

/** An operation written twice: with the graph's builder, and with the library's own differentiable operations. */
export interface Twin {
  readonly shapes: readonly Shape[];
  readonly graph: (graph: Graph, inputs: readonly Node[]) => Node;
  readonly eager: (...inputs: Tensor[]) => Tensor;
}

/**
 * Expects a twin's values and gradients to agree: with the library's autodiff, and with central differences. The scalar
 * that is differentiated is the output weighted with random numbers, so that no element's gradient can hide.
 */
export async function expectTwin({ shapes, graph: build, eager }: Twin, seed: number): Promise<void> {
  const graph = new Graph();
  const nodes = shapes.map((shape, index) => graph.placeholder(`input${index}`, shape));
  const output = build(graph, nodes);
  const weight = graph.placeholder('weight', output.shape);
  const scalar = sum(graph, multiply(graph, output, weight));
  const gradients = graph.gradients(scalar, nodes);
  const feeds = { ...Object.fromEntries(nodes.map((node, index) => [`input${index}`, node])), weight };
  graph.signature('value', feeds, { output: graph.after('output', output), scalar: graph.after('scalar', scalar) });
  const named = gradients.map((node, index) => [`gradient${index}`, graph.after(`gradient${index}`, node)] as const);
  graph.signature('gradients', feeds, Object.fromEntries(named));
  const session = await GraphSession.load(graph);
  try {
    const random = seededRandom(seed, 0);
    // Between 0.1 and 1 in size: away from zero, where a rectifier has no derivative.
    const draw = (shape: Shape): Float32Array =>
      Float32Array.from({ length: sizeOf(shape) }, () => (random() < 0.5 ? -1 : 1) * (0.1 + 0.9 * random()));
    const given: Floats = {
      ...Object.fromEntries(shapes.map((shape, index) => [`input${index}`, draw(shape)])),
      weight: draw(output.shape),
    };
    const exact = session.run('gradients', given);
    const reference = autodiff(shapes, eager, given);
    expectClose(session.run('value', given).output!, reference.output, 1e-5);
    for (const [index] of shapes.entries()) {
      const gradient = exact[`gradient${index}`]!;
      expectClose(gradient, reference.gradients[index]!, 1e-5);
      expectClose(gradient, differences(session, given, `input${index}`), 2e-3);
    }
  } finally {
    session.dispose();
  }
}

function autodiff(
  shapes: readonly Shape[],
  eager: Twin['eager'],
  given: Floats,
): { readonly output: Float32Array; readonly gradients: readonly Float32Array[] } {
  const tf = tensorflow();
  return tf.tidy(() => {
    const inputs = shapes.map((shape, index) => tf.tensor(given[`input${index}`]!, [...shape], 'float32'));
    const output = eager(...inputs);
    const flow = tf.tensor(given.weight!, output.shape, 'float32');
    const gradients = tf.grads((...tensors: Tensor[]) => eager(...tensors))(inputs, flow);
    const floats = (tensor: Tensor): Float32Array => tensor.dataSync<'float32'>().slice();
    return { output: floats(output), gradients: gradients.map(floats) };
  });
}

/** Central differences in every element; a step of 1/64 leaves float32 enough digits for smooth operations. */
function differences(session: GraphSession, given: Floats, name: string): Float32Array {
  const step = 1 / 64;
  const valueAt = (index: number, change: number): number => {
    const moved = given[name]!.slice();
    moved[index] = moved[index]! + change;
    return session.run('value', { ...given, [name]: moved }).scalar![0]!;
  };
  return given[name]!.map((_, index) => (valueAt(index, step) - valueAt(index, -step)) / (2 * step));
}

/** Expects two tensors to differ by at most a fraction of the largest element, or of one. */
function expectClose(actual: Float32Array, wanted: Float32Array, tolerance: number): void {
  expect(actual.length).toBe(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = actual.reduce((most, value, index) => {
    const distance = Math.abs(value - wanted[index]!);
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(most, distance);
  }, 0);
  expect(worst / largest).toBeLessThan(tolerance);
}
