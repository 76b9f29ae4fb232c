import type { Node } from '../graph/graph.ts';
import { hiddenStates, lastHiddenState } from '../graph/lstm.ts';
import { transpose } from '../graph/operations.ts';
import type { Shape } from '../graph/shape.ts';
import type { GraphContext, OnnxContext } from './context.ts';
import { requireSequence, requireWhole } from './layerRules.ts';
import type { Lstm, Placement } from './layer.ts';

/** An LSTM's output and parameters; its gates lie in the order i, c, f, o. */
export function placeLstm(layer: Lstm, input: Shape): Placement {
  const [steps, channels] = requireSequence(layer, input);
  requireWhole(layer, { units: layer.units });
  return {
    output: layer.returns === 'last' ? [layer.units] : [steps, layer.units],
    parameters: {
      kernel: { shape: [channels + layer.units, 4 * layer.units], beginning: 'glorot' },
      bias: { shape: [4 * layer.units], beginning: 'forgetGateOne' },
    },
  };
}

/** The fused recurrence runs over [steps, batch, channels]. */
export function lstmInGraph(layer: Lstm, x: Node, { graph, parameter }: GraphContext): Node {
  const sequence = transpose(graph, x, [1, 0, 2]);
  const weights = { kernel: parameter('kernel'), bias: parameter('bias') };
  if (layer.returns === 'last') return lastHiddenState(graph, sequence, weights);
  return transpose(graph, hiddenStates(graph, sequence, weights), [1, 0, 2]);
}

/** ONNX keeps the kernels of input and state apart, with the gates in the order i, o, f, c. */
export function lstmInOnnx(layer: Lstm, x: string, { onnx, parameter, input }: OnnxContext): string {
  const channels = input[1]!;
  const { units } = layer;
  const { values } = parameter('kernel');
  const gates = onnxGates(values, channels + units, units);
  const sequence = onnx.node('Transpose', [x], { perm: [1, 0, 2] });
  const bias = new Float32Array(8 * units);
  bias.set(onnxGates(parameter('bias').values, 1, units));
  const [all, last] = onnx.lstm(sequence, {
    input: gates.subarray(0, channels * 4 * units),
    state: gates.subarray(channels * 4 * units),
    bias,
    units,
  });
  if (layer.returns === 'last') return onnx.node('Squeeze', [last, onnx.wholes([0])]);
  return onnx.node('Transpose', [onnx.node('Squeeze', [all, onnx.wholes([1])])], { perm: [1, 0, 2] });
}

/** Columns i, c, f, o as i, o, f, c. */
function onnxGates(values: Float32Array, rows: number, units: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (const [to, from] of [0, 3, 2, 1].entries()) {
      const at = (row * 4 + from) * units;
      turned.set(values.subarray(at, at + units), (row * 4 + to) * units);
    }
  }
  return turned;
}
