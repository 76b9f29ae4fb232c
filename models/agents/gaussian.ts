import { add, scale, shift, softplus, sumRows } from '../graph/elementwise.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { multiply, subtract } from '../graph/operations.ts';

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * Logarithm of a Gaussian's density at `mean + noise * deviation`, summed over the last axis.
 * @param noise shape [batch, size]: how many deviations a number lies from the mean
 * @param logDeviation shape [batch, size]
 * @returns shape [batch]
 */
export function gaussianLogDensity(graph: Graph, noise: Node, logDeviation: Node): Node {
  const exponent = scale(graph, multiply(graph, noise, noise), -0.5);
  return sumRows(graph, shift(graph, subtract(graph, exponent, logDeviation), -halfLogTwoPi));
}

/**
 * What squashing numbers by tanh takes from the logarithm of their density, summed over the last axis: the logarithm of
 * 1 - tanh(x)^2, written so that it does not vanish for large x (Haarnoja et al. 2018, appendix C).
 * @param x shape [batch, size], before squashing
 * @returns shape [batch]
 */
export function logSquashing(graph: Graph, x: Node): Node {
  const slope = add(graph, x, softplus(graph, scale(graph, x, -2)));
  return sumRows(graph, scale(graph, shift(graph, slope, -Math.LN2), -2));
}
