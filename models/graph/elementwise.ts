import { onFloats, type Graph, type Node } from './graph.ts';
import { rawBinary, rawReduce, rawReshape, rawUnary } from './operations.ts';
import { attribute, dataTypes } from './protobuf.ts';
import { requireShape, sameShape } from './shape.ts';

// What policies and their losses are made of.

/** Elementwise a + b, both of one shape. */
export function add(graph: Graph, a: Node, b: Node): Node {
  requireShape(sameShape(a.shape, b.shape), 'add', [a.shape, b.shape]);
  return graph.record([a, b], [rawBinary(graph, 'AddV2', [a, b])], ([flow]) => [flow!, flow!])[0]!;
}

/** Every element times a number, or times a scalar without a gradient of its own. */
export function scale(graph: Graph, a: Node, by: number | Node): Node {
  const factor = typeof by === 'number' ? graph.scalar(by) : by;
  requireShape(factor.shape.length === 0, 'scale by', [factor.shape]);
  return graph.record([a], [rawBinary(graph, 'Mul', [a, factor])], ([flow]) => [
    rawBinary(graph, 'Mul', [flow!, factor]),
  ])[0]!;
}

/** Every element plus a number. */
export function shift(graph: Graph, a: Node, by: number): Node {
  return graph.record([a], [rawBinary(graph, 'AddV2', [a, graph.scalar(by)])], ([flow]) => [flow!])[0]!;
}

/** e to the power of each element. */
export function exp(graph: Graph, a: Node): Node {
  const y = rawUnary(graph, 'Exp', a);
  return graph.record([a], [y], ([flow]) => [rawBinary(graph, 'Mul', [flow!, y])])[0]!;
}

/** Hyperbolic tangent of each element. */
export function tanh(graph: Graph, a: Node): Node {
  const y = rawUnary(graph, 'Tanh', a);
  return graph.record([a], [y], ([flow]) => [rawBinary(graph, 'TanhGrad', [y, flow!])])[0]!;
}

/** log(1 + e^x) of each element, without overflow. */
export function softplus(graph: Graph, a: Node): Node {
  const y = rawUnary(graph, 'Softplus', a);
  return graph.record([a], [y], ([flow]) => [rawBinary(graph, 'Mul', [flow!, rawUnary(graph, 'Sigmoid', a)])])[0]!;
}

/** The lesser of each two elements; where they are equal the gradient goes to the first. */
export function minimum(graph: Graph, a: Node, b: Node): Node {
  requireShape(sameShape(a.shape, b.shape), 'take the lesser of', [a.shape, b.shape]);
  return graph.record([a, b], [rawBinary(graph, 'Minimum', [a, b])], ([flow]) => {
    const isSecond = rawUnary(graph, 'Sign', rawUnary(graph, 'Relu', rawBinary(graph, 'Sub', [a, b])));
    const toSecond = rawBinary(graph, 'Mul', [flow!, isSecond]);
    return [rawBinary(graph, 'Sub', [flow!, toSecond]), toSecond];
  })[0]!;
}

/** Each element brought into [low, high]; outside there is no gradient. */
export function clip(graph: Graph, a: Node, [low, high]: readonly [number, number]): Node {
  const bounds = [graph.scalar(low), graph.scalar(high)];
  const y = graph.one({ kind: 'ClipByValue', inputs: [a, ...bounds], attributes: onFloats, shape: a.shape });
  return graph.record([a], [y], ([flow]) => {
    const isMoved = rawUnary(graph, 'Abs', rawUnary(graph, 'Sign', rawBinary(graph, 'Sub', [a, y])));
    return [rawBinary(graph, 'Sub', [flow!, rawBinary(graph, 'Mul', [flow!, isMoved])])];
  })[0]!;
}

/** Sum along the last axis, which vanishes. */
export function sumRows(graph: Graph, a: Node): Node {
  const last = a.shape.length - 1;
  requireShape(last >= 0, 'sum the rows of', [a.shape]);
  return graph.record([a], [rawReduce(graph, 'Sum', [a, [last]])], ([flow]) => {
    const kept = rawReshape(graph, flow!, a.shape.with(last, 1));
    return [rawBroadcast(graph, kept, a)];
  })[0]!;
}

/** Mean of all elements. */
export function mean(graph: Graph, a: Node): Node {
  const axes = a.shape.map((_, axis) => axis);
  return graph.record([a], [rawReduce(graph, 'Mean', [a, axes])], ([flow]) => {
    const count = a.shape.reduce((product, size) => product * size, 1);
    return [rawBinary(graph, 'Mul', [graph.filled(a.shape, 1 / count), flow!])];
  })[0]!;
}

/** Logarithms of the shares that a softmax along the last of two axes gives. */
export function logSoftmax(graph: Graph, a: Node): Node {
  requireShape(a.shape.length === 2, 'take the log-softmax of', [a.shape]);
  const y = graph.one({ kind: 'LogSoftmax', inputs: [a], attributes: onFloats, shape: a.shape });
  return graph.record([a], [y], ([flow]) => {
    const total = rawReshape(graph, rawReduce(graph, 'Sum', [flow!, [1]]), a.shape.with(1, 1));
    const share = rawBinary(graph, 'Mul', [rawUnary(graph, 'Exp', y), total]);
    return [rawBinary(graph, 'Sub', [flow!, share])];
  })[0]!;
}

/** A tensor whose axes of one are repeated until it has another's shape. */
function rawBroadcast(graph: Graph, a: Node, { shape }: Node): Node {
  const attributes = { ...onFloats, Tidx: attribute.type(dataTypes.int32) };
  return graph.one({ kind: 'BroadcastTo', inputs: [a, graph.list(shape)], attributes, shape });
}
