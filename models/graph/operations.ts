import { onFloats, type Graph, type Node } from './graph.ts';
import { attribute, dataTypes } from './protobuf.ts';
import { broadcast, requireShape, sameShape, sizeOf, type Shape } from './shape.ts';

// Operations without gradients of their own carry `raw` in their use: inside gradients nothing is recorded.

/** An elementwise operation on two tensors, shapes broadcast as in NumPy. */
export function rawBinary(graph: Graph, kind: string, [a, b]: readonly [Node, Node]): Node {
  return graph.one({ kind, inputs: [a, b], attributes: onFloats, shape: broadcast(a.shape, b.shape) });
}

/** An elementwise operation on one tensor. */
export function rawUnary(graph: Graph, kind: string, a: Node): Node {
  return graph.one({ kind, inputs: [a], attributes: onFloats, shape: a.shape });
}

/** A product of matrices, either side transposed first. */
export function rawMatmul(
  graph: Graph,
  [a, b]: readonly [Node, Node],
  transposed: { readonly a?: boolean; readonly b?: boolean } = {},
): Node {
  const [rows, inner] = transposed.a ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [innerB, columns] = transposed.b ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  requireShape(a.shape.length === 2 && b.shape.length === 2 && inner === innerB, 'multiply', [a.shape, b.shape]);
  const attributes = {
    ...onFloats,
    transpose_a: attribute.bool(transposed.a ?? false),
    transpose_b: attribute.bool(transposed.b ?? false),
  };
  return graph.one({ kind: 'MatMul', inputs: [a, b], attributes, shape: [rows, columns] });
}

/** The same elements under another shape. */
export function rawReshape(graph: Graph, a: Node, shape: Shape): Node {
  requireShape(sizeOf(a.shape) === sizeOf(shape), 'reshape', [a.shape, shape]);
  if (sameShape(a.shape, shape)) return a;
  const attributes = { ...onFloats, Tshape: attribute.type(dataTypes.int32) };
  return graph.one({ kind: 'Reshape', inputs: [a, graph.list(shape)], attributes, shape });
}

/** A sum or mean over axes, which vanish. */
export function rawReduce(graph: Graph, kind: 'Sum' | 'Mean', [a, axes]: readonly [Node, readonly number[]]): Node {
  const attributes = { ...onFloats, Tidx: attribute.type(dataTypes.int32), keep_dims: attribute.bool(false) };
  const shape = a.shape.filter((_, axis) => !axes.includes(axis));
  return graph.one({ kind, inputs: [a, graph.list(axes)], attributes, shape });
}

/** A box out of a tensor. */
export function rawSlice(graph: Graph, a: Node, box: { readonly begin: Shape; readonly size: Shape }): Node {
  const { begin, size } = box;
  const inside = (length: number, axis: number): boolean =>
    begin[axis]! >= 0 && size[axis]! >= 0 && begin[axis]! + size[axis]! <= length;
  const fits = begin.length === a.shape.length && size.length === a.shape.length && a.shape.every(inside);
  requireShape(fits, 'slice', [a.shape, begin, size]);
  const attributes = { ...onFloats, Index: attribute.type(dataTypes.int32) };
  return graph.one({ kind: 'Slice', inputs: [a, graph.list(begin), graph.list(size)], attributes, shape: size });
}

/** Tensors joined along an axis. */
export function rawConcat(graph: Graph, parts: readonly Node[], axis: number): Node {
  const others = ({ shape }: Node): Shape => shape.filter((_, at) => at !== axis);
  const alike = parts.every((part) => sameShape(others(part), others(parts[0]!)));
  requireShape(
    alike,
    `join along axis ${axis}`,
    parts.map((part) => part.shape),
  );
  const attributes = { ...onFloats, N: attribute.int(parts.length), Tidx: attribute.type(dataTypes.int32) };
  const shape = parts[0]!.shape.map((size, at) =>
    at === axis ? parts.reduce((sum, part) => sum + part.shape[axis]!, 0) : size,
  );
  return graph.one({ kind: 'ConcatV2', inputs: [...parts, graph.scalar(axis, dataTypes.int32)], attributes, shape });
}

/** A tensor cut into its slices along the first axis. */
export function rawUnpack(graph: Graph, a: Node): readonly Node[] {
  const [count = 0, ...rest] = a.shape;
  const attributes = { ...onFloats, num: attribute.int(count), axis: attribute.int(0) };
  return graph.add({ kind: 'Unpack', inputs: [a], attributes, outputs: Array.from({ length: count }, () => rest) });
}

/** Slices stacked along a new first axis. */
export function rawPack(graph: Graph, parts: readonly Node[]): Node {
  const alike = parts.every((part) => sameShape(part.shape, parts[0]!.shape));
  requireShape(
    alike,
    'stack',
    parts.map((part) => part.shape),
  );
  const attributes = { ...onFloats, N: attribute.int(parts.length), axis: attribute.int(0) };
  return graph.one({ kind: 'Pack', inputs: parts, attributes, shape: [parts.length, ...parts[0]!.shape] });
}

/** Axes in another order. */
export function rawTranspose(graph: Graph, a: Node, order: readonly number[]): Node {
  const attributes = { ...onFloats, Tperm: attribute.type(dataTypes.int32) };
  const shape = order.map((axis) => a.shape[axis]!);
  return graph.one({ kind: 'Transpose', inputs: [a, graph.list(order)], attributes, shape });
}

/** Gradient of a bias: the sum over all axes but the last. */
export function rawBiasGradient(graph: Graph, flow: Node): Node {
  const attributes = { ...onFloats, data_format: attribute.text('NHWC') };
  return graph.one({ kind: 'BiasAddGrad', inputs: [flow], attributes, shape: [flow.shape.at(-1)!] });
}

/** Product of two matrices. */
export function matmul(graph: Graph, a: Node, b: Node): Node {
  return graph.record([a, b], [rawMatmul(graph, [a, b])], ([flow]) => [
    graph.needs(a) ? rawMatmul(graph, [flow!, b], { b: true }) : null,
    graph.needs(b) ? rawMatmul(graph, [a, flow!], { a: true }) : null,
  ])[0]!;
}

/** Adds a vector along the last axis. */
export function addBias(graph: Graph, a: Node, bias: Node): Node {
  const attributes = { ...onFloats, data_format: attribute.text('NHWC') };
  requireShape(sameShape(bias.shape, a.shape.slice(-1)), 'add a bias to', [a.shape, bias.shape]);
  const sum = graph.one({ kind: 'BiasAdd', inputs: [a, bias], attributes, shape: a.shape });
  return graph.record([a, bias], [sum], ([flow]) => [flow!, rawBiasGradient(graph, flow!)])[0]!;
}

/** Elementwise a - b, both of one shape. */
export function subtract(graph: Graph, a: Node, b: Node): Node {
  requireShape(sameShape(a.shape, b.shape), 'subtract', [a.shape, b.shape]);
  const difference = rawBinary(graph, 'Sub', [a, b]);
  return graph.record([a, b], [difference], ([flow]) => [flow!, rawUnary(graph, 'Neg', flow!)])[0]!;
}

/** Elementwise a * b, both of one shape. */
export function multiply(graph: Graph, a: Node, b: Node): Node {
  requireShape(sameShape(a.shape, b.shape), 'multiply elements of', [a.shape, b.shape]);
  return graph.record([a, b], [rawBinary(graph, 'Mul', [a, b])], ([flow]) => [
    graph.needs(a) ? rawBinary(graph, 'Mul', [flow!, b]) : null,
    graph.needs(b) ? rawBinary(graph, 'Mul', [flow!, a]) : null,
  ])[0]!;
}

/** The greater of 0 and each element. */
export function relu(graph: Graph, a: Node): Node {
  const y = rawUnary(graph, 'Relu', a);
  return graph.record([a], [y], ([flow]) => [
    graph.one({ kind: 'ReluGrad', inputs: [flow!, y], attributes: onFloats, shape: a.shape }),
  ])[0]!;
}

/** Each element squared. */
export function square(graph: Graph, a: Node): Node {
  return graph.record([a], [rawUnary(graph, 'Square', a)], ([flow]) => [
    rawBinary(graph, 'Mul', [flow!, rawBinary(graph, 'Mul', [a, graph.scalar(2)])]),
  ])[0]!;
}

/** Sum of all elements. */
export function sum(graph: Graph, a: Node): Node {
  const axes = a.shape.map((_, axis) => axis);
  return graph.record([a], [rawReduce(graph, 'Sum', [a, axes])], ([flow]) => [
    rawBinary(graph, 'Mul', [graph.filled(a.shape, 1), flow!]),
  ])[0]!;
}

/** The same elements under another shape. */
export function reshape(graph: Graph, a: Node, shape: Shape): Node {
  const y = rawReshape(graph, a, shape);
  return y === a ? a : graph.record([a], [y], ([flow]) => [rawReshape(graph, flow!, a.shape)])[0]!;
}

/** Axes in another order. */
export function transpose(graph: Graph, a: Node, order: readonly number[]): Node {
  const complete = order.length === a.shape.length && a.shape.every((_, axis) => order.includes(axis));
  requireShape(complete, 'reorder axes of', [a.shape, order]);
  const back = order.map((_, axis) => order.indexOf(axis));
  return graph.record([a], [rawTranspose(graph, a, order)], ([flow]) => [rawTranspose(graph, flow!, back)])[0]!;
}

/**
 * Convolution over height and width, stride 1: x [N,H,W,C], kernel [h,w,C,O]. `SAME` pads with zeros and keeps the size,
 * `VALID` gives height and width less that of the kernel, plus one.
 */
export function convolve(graph: Graph, [x, kernel]: readonly [Node, Node], padding: 'SAME' | 'VALID'): Node {
  const [batch = 0, ...size] = x.shape.slice(0, -1);
  const kept = padding === 'SAME' ? size : size.map((length, axis) => length - kernel.shape[axis]! + 1);
  const fits = x.shape.length === 4 && kernel.shape.length === 4 && x.shape[3] === kernel.shape[2];
  requireShape(fits && kept.every((length) => length > 0), 'convolve', [x.shape, kernel.shape]);
  const attributes = {
    ...onFloats,
    strides: attribute.ints([1, 1, 1, 1]),
    padding: attribute.text(padding),
    data_format: attribute.text('NHWC'),
  };
  const shape = [batch, ...kept, kernel.shape[3]!];
  const y = graph.one({ kind: 'Conv2D', inputs: [x, kernel], attributes, shape });
  return graph.record([x, kernel], [y], ([flow]) => {
    const toKernel = [x, graph.list(kernel.shape), flow!];
    return [
      graph.needs(x) ? convolutionInputGradient(graph, flow!, { kernel, padding, shape: x.shape }) : null,
      graph.one({ kind: 'Conv2DBackpropFilter', inputs: toKernel, attributes, shape: kernel.shape }),
    ];
  })[0]!;
}

/**
 * What a convolution gives its input, as a convolution of its own: of the padded flow with the kernel turned round. The
 * runtime's own operation for it takes several times as long.
 */
function convolutionInputGradient(
  graph: Graph,
  flow: Node,
  { kernel, padding, shape }: { readonly kernel: Node; readonly padding: 'SAME' | 'VALID'; readonly shape: Shape },
): Node {
  const sides = [0, 1].flatMap((axis) => {
    const reach = kernel.shape[axis]! - 1;
    const before = padding === 'SAME' ? Math.floor(reach / 2) : 0;
    const after = padding === 'SAME' ? reach - before : 0;
    return [reach - before, reach - after];
  });
  const reversed = graph.one({
    kind: 'ReverseV2',
    inputs: [kernel, graph.list([0, 1])],
    attributes: { ...onFloats, Tidx: attribute.type(dataTypes.int32) },
    shape: kernel.shape,
  });
  return graph.one({
    kind: 'Conv2D',
    inputs: [flow, rawTranspose(graph, reversed, [0, 1, 3, 2])],
    attributes: {
      ...onFloats,
      strides: attribute.ints([1, 1, 1, 1]),
      padding: attribute.text('EXPLICIT'),
      explicit_paddings: attribute.ints([0, 0, ...sides, 0, 0]),
      data_format: attribute.text('NHWC'),
    },
    shape,
  });
}
