import { onFloats, type Graph, type Node } from './graph.ts';
import {
  rawBiasGradient,
  rawBinary,
  rawConcat,
  rawPack,
  rawReduce,
  rawReshape,
  rawSlice,
  rawUnary,
  rawUnpack,
} from './operations.ts';
import { attribute, dataTypes } from './protobuf.ts';
import { requireShape, sameShape, sizeOf } from './shape.ts';

// What attention and pooling over steps are made of.

/** Added to a variance before its root. */
export const layerNormEpsilon = 1e-5;

/** 1 / (1 + exp(-x)) of each element. */
export function sigmoid(graph: Graph, a: Node): Node {
  const y = rawUnary(graph, 'Sigmoid', a);
  return graph.record([a], [y], ([flow]) => [rawBinary(graph, 'SigmoidGrad', [y, flow!])])[0]!;
}

/** Products of the matrices in the last two axes: a [..., n, k] with b [..., k, m], or [..., m, k] if transposed. */
export function batchMatmul(graph: Graph, [a, b]: readonly [Node, Node], second: 'plain' | 'transposed'): Node {
  const isTransposed = second === 'transposed';
  const y = rawBatchMatmul(graph, [a, b], { b: isTransposed });
  return graph.record([a, b], [y], ([flow]) => [
    graph.needs(a) ? rawBatchMatmul(graph, [flow!, b], { b: !isTransposed }) : null,
    graph.needs(b) ? rawBatchMatmul(graph, isTransposed ? [flow!, a] : [a, flow!], { a: true }) : null,
  ])[0]!;
}

/** Shares that sum to one along the last axis. */
export function softmax(graph: Graph, a: Node): Node {
  const y = rawUnary(graph, 'Softmax', a);
  const last = a.shape.length - 1;
  return graph.record([a], [y], ([flow]) => {
    const common = keepAxis(graph, rawReduce(graph, 'Sum', [rawBinary(graph, 'Mul', [flow!, y]), [last]]));
    return [rawBinary(graph, 'Mul', [rawBinary(graph, 'Sub', [flow!, common]), y])];
  })[0]!;
}

/**
 * Each row brought to mean 0 and variance 1, then scaled and moved (Ba, Kiros and Hinton 2016).
 * @param a shape [rows, channels]
 * @param weights both of shape [channels]
 */
export function layerNorm(graph: Graph, a: Node, weights: { readonly scale: Node; readonly bias: Node }): Node {
  const { scale: gain, bias } = weights;
  const fits = a.shape.length === 2 && [gain, bias].every(({ shape }) => sameShape(shape, a.shape.slice(1)));
  requireShape(fits, 'normalise', [a.shape, gain.shape, bias.shape]);
  const rowMean = (node: Node): Node => keepAxis(graph, rawReduce(graph, 'Mean', [node, [1]]));
  const centred = rawBinary(graph, 'Sub', [a, rowMean(a)]);
  const variance = rowMean(rawUnary(graph, 'Square', centred));
  const inverse = rawUnary(graph, 'Rsqrt', rawBinary(graph, 'AddV2', [variance, graph.scalar(layerNormEpsilon)]));
  const normal = rawBinary(graph, 'Mul', [centred, inverse]);
  const y = rawBinary(graph, 'AddV2', [rawBinary(graph, 'Mul', [normal, gain]), bias]);
  return graph.record([a, gain, bias], [y], ([flow]) => {
    const scaled = rawBinary(graph, 'Mul', [flow!, gain]);
    const along = rawBinary(graph, 'Mul', [normal, rowMean(rawBinary(graph, 'Mul', [scaled, normal]))]);
    const rest = rawBinary(graph, 'Sub', [rawBinary(graph, 'Sub', [scaled, rowMean(scaled)]), along]);
    return [
      rawBinary(graph, 'Mul', [rest, inverse]),
      rawBiasGradient(graph, rawBinary(graph, 'Mul', [flow!, normal])),
      rawBiasGradient(graph, flow!),
    ];
  })[0]!;
}

/** A tensor's slices along its first axis. */
export function unstack(graph: Graph, a: Node): readonly Node[] {
  const parts = rawUnpack(graph, a);
  return graph.record([a], parts, (flows) => [
    rawPack(
      graph,
      flows.map((flow, index) => flow ?? graph.filled(parts[index]!.shape, 0)),
    ),
  ]);
}

/** The mean along an axis, which vanishes. */
export function meanOfAxis(graph: Graph, a: Node, axis: number): Node {
  const length = a.shape[axis] ?? 0;
  requireShape(length > 0, `average axis ${axis} of`, [a.shape]);
  return graph.record([a], [rawReduce(graph, 'Mean', [a, [axis]])], ([flow]) => {
    const kept = rawReshape(graph, rawBinary(graph, 'Mul', [flow!, graph.scalar(1 / length)]), a.shape.with(axis, 1));
    const attributes = { ...onFloats, Tidx: attribute.type(dataTypes.int32) };
    return [graph.one({ kind: 'BroadcastTo', inputs: [kept, graph.list(a.shape)], attributes, shape: a.shape })];
  })[0]!;
}

/** The last slice along an axis, which vanishes. */
export function lastOfAxis(graph: Graph, a: Node, axis: number): Node {
  const length = a.shape[axis] ?? 0;
  requireShape(length > 0, `take the last along axis ${axis} of`, [a.shape]);
  const begin = a.shape.map((_, at) => (at === axis ? length - 1 : 0));
  const last = rawSlice(graph, a, { begin, size: a.shape.with(axis, 1) });
  const y = rawReshape(graph, last, a.shape.toSpliced(axis, 1));
  return graph.record([a], [y], ([flow]) => {
    const kept = rawReshape(graph, flow!, a.shape.with(axis, 1));
    const earlier = a.shape.with(axis, length - 1);
    return [length === 1 ? kept : rawConcat(graph, [graph.filled(earlier, 0), kept], axis)];
  })[0]!;
}

/** The same tensor with a last axis of one. */
function keepAxis(graph: Graph, a: Node): Node {
  return rawReshape(graph, a, [...a.shape, 1]);
}

function rawBatchMatmul(
  graph: Graph,
  [a, b]: readonly [Node, Node],
  transposed: { readonly a?: boolean; readonly b?: boolean },
): Node {
  const matrix = ({ shape }: Node, isTurned: boolean | undefined): readonly [number, number] =>
    isTurned ? [shape.at(-1)!, shape.at(-2)!] : [shape.at(-2)!, shape.at(-1)!];
  const [rows, inner] = matrix(a, transposed.a);
  const [innerB, columns] = matrix(b, transposed.b);
  const outer = a.shape.slice(0, -2);
  const fits = a.shape.length > 2 && inner === innerB && sameShape(outer, b.shape.slice(0, -2));
  requireShape(fits && sizeOf(outer) > 0, 'multiply matrices of', [a.shape, b.shape]);
  const attributes = {
    ...onFloats,
    adj_x: attribute.bool(transposed.a ?? false),
    adj_y: attribute.bool(transposed.b ?? false),
  };
  return graph.one({ kind: 'BatchMatMulV2', inputs: [a, b], attributes, shape: [...outer, rows, columns] });
}
