import { onFloats, type Graph, type Node } from './graph.ts';
import {
  rawBiasGradient,
  rawBinary,
  rawConcat,
  rawMatmul,
  rawPack,
  rawReshape,
  rawSlice,
  rawTranspose,
  rawUnpack,
} from './operations.ts';
import { attribute, dataTypes } from './protobuf.ts';
import { requireShape, sameShape } from './shape.ts';

/** Parameters of an LSTM: kernel of shape [inputs + units, 4 units] and bias of shape [4 units]. */
export interface LstmWeights {
  readonly kernel: Node;
  readonly bias: Node;
}

/**
 * A long short-term memory over a sequence (Hochreiter and Schmidhuber 1997; gates in the order i, c, f, o, no
 * peepholes), answering its last hidden state.
 *
 * Forward is one fused BlockLSTM. Backward is, per step, one LSTMBlockCellGrad, which gives the gates' gradients, and
 * one product towards the earlier state; the weights' gradients are two large products afterwards. That is faster than
 * the fused gradient.
 * @param x shape [steps, batch, inputs]
 * @returns shape [batch, units]
 * @throws Failure MODEL_SHAPE_MISMATCH when the shapes are not these
 */
export function lastHiddenState(graph: Graph, x: Node, weights: LstmWeights): Node {
  const forward = runForward(graph, x, weights);
  const hidden = forward.outputs[6]!;
  const [steps = 0, batch = 0, units = 0] = hidden.shape;
  const box = { begin: [steps - 1, 0, 0], size: [1, batch, units] };
  const last = rawReshape(graph, rawSlice(graph, hidden, box), [batch, units]);
  // Earlier steps have no gradient of their own: none is added.
  return graph.record([x, weights.kernel, weights.bias], [last], ([flow]) =>
    backward(graph, forward, (step) => (step === steps - 1 ? flow! : null)),
  )[0]!;
}

/**
 * The same, answering the hidden state after every step.
 * @returns shape [steps, batch, units]
 * @throws Failure MODEL_SHAPE_MISMATCH when the shapes are not these
 */
export function hiddenStates(graph: Graph, x: Node, weights: LstmWeights): Node {
  const forward = runForward(graph, x, weights);
  return graph.record([x, weights.kernel, weights.bias], [forward.outputs[6]!], ([flow]) => {
    const flows = rawUnpack(graph, flow!);
    return backward(graph, forward, (step) => flows[step]!);
  })[0]!;
}

const cellAttributes = { ...onFloats, use_peephole: attribute.bool(false) } as const;

interface Forward {
  readonly x: Node;
  readonly kernel: Node;
  readonly bias: Node;
  /** i, cs, f, o, ci, co, h, each [steps, batch, units]. */
  readonly outputs: readonly Node[];
  readonly zero: Node;
  readonly peephole: Node;
}

function runForward(graph: Graph, x: Node, { kernel, bias }: LstmWeights): Forward {
  const [steps = 0, batch = 0, inputs = 0] = x.shape;
  const units = (bias.shape[0] ?? 0) / 4;
  const fits = x.shape.length === 3 && steps > 0 && sameShape(kernel.shape, [inputs + units, 4 * units]);
  requireShape(fits && sameShape(bias.shape, [4 * units]), 'run an LSTM on', [x.shape, kernel.shape, bias.shape]);
  const zero = graph.filled([batch, units], 0);
  const peephole = graph.filled([units], 0);
  const outputs = graph.add({
    kind: 'BlockLSTM',
    inputs: [graph.scalar(steps, dataTypes.int64), x, zero, zero, kernel, peephole, peephole, peephole, bias],
    attributes: { ...cellAttributes, forget_bias: attribute.float(0), cell_clip: attribute.float(0) },
    outputs: Array.from({ length: 7 }, () => [steps, batch, units]),
  });
  return { x, kernel, bias, outputs, zero, peephole };
}

/** @param flowAt the gradient towards the hidden state of a step from outside; null where there is none */
function backward(graph: Graph, forward: Forward, flowAt: (step: number) => Node | null): readonly (Node | null)[] {
  const { x, kernel, bias, outputs, zero, peephole } = forward;
  const [steps = 0, batch = 0, inputs = 0] = x.shape;
  const units = zero.shape[1]!;
  const recurrent = rawSlice(graph, kernel, { begin: [inputs, 0], size: [units, 4 * units] });
  const recurrentTurned = turned(graph, recurrent);
  const [i, cs, f, o, ci, co] = outputs.slice(0, 6).map((node) => rawUnpack(graph, node));
  const empty = graph.constant([], [batch, 0]); // a cell without inputs: only the recurrent part is asked for
  const gates: Node[] = Array.from({ length: steps });
  let hiddenFlow = flowAt(steps - 1)!;
  let cellFlow = zero;
  for (let t = steps - 1; t >= 0; t -= 1) {
    const before = t > 0 ? cs![t - 1]! : zero;
    const saved = [i![t]!, cs![t]!, f![t]!, o![t]!, ci![t]!, co![t]!];
    const [cell, gate] = graph.add({
      kind: 'LSTMBlockCellGrad',
      inputs: [empty, before, zero, recurrent, peephole, peephole, peephole, bias, ...saved, cellFlow, hiddenFlow],
      attributes: cellAttributes,
      outputs: [zero.shape, [batch, 4 * units], peephole.shape, peephole.shape, peephole.shape],
    });
    cellFlow = cell!;
    gates[t] = gate!;
    if (t === 0) break;
    const carried = rawMatmul(graph, [gate!, recurrentTurned]);
    const given = flowAt(t - 1);
    hiddenFlow = given ? rawBinary(graph, 'AddV2', [given, carried]) : carried;
  }
  const flat = rawReshape(graph, rawPack(graph, gates), [steps * batch, 4 * units]);
  const earlier = rawSlice(graph, outputs[6]!, { begin: [0, 0, 0], size: [steps - 1, batch, units] });
  const hiddenBefore = rawConcat(graph, [graph.filled([1, batch, units], 0), earlier], 0);
  const toKernel = [
    rawMatmul(graph, [rawReshape(graph, x, [steps * batch, inputs]), flat], { a: true }),
    rawMatmul(graph, [rawReshape(graph, hiddenBefore, [steps * batch, units]), flat], { a: true }),
  ];
  const inputPart = rawSlice(graph, kernel, { begin: [0, 0], size: [inputs, 4 * units] });
  const toInput = graph.needs(x) ? rawReshape(graph, rawMatmul(graph, [flat, inputPart], { b: true }), x.shape) : null;
  return [toInput, rawConcat(graph, toKernel, 0), rawBiasGradient(graph, flat)];
}

/**
 * A matrix with rows and columns swapped, once for all products with it: a product that turns its second matrix takes
 * more than twice as long. Turned under a first axis of one, or the runtime would put the turn back into each product.
 */
function turned(graph: Graph, matrix: Node): Node {
  const [rows = 0, columns = 0] = matrix.shape;
  const stacked = rawTranspose(graph, rawReshape(graph, matrix, [1, rows, columns]), [0, 2, 1]);
  return rawReshape(graph, stacked, [columns, rows]);
}
