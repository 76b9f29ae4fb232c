import type { Node } from '../graph/graph.ts';
import { addBias, convolve, reshape } from '../graph/operations.ts';
import type { Shape } from '../graph/shape.ts';
import type { OnnxWriter } from '../onnx/onnxWriter.ts';
import { activateGraph, activateOnnx } from './activation.ts';
import type { GraphContext, OnnxContext } from './context.ts';
import { requireSequence, requireWhole } from './layerRules.ts';
import type { Conv1d, Placement } from './layer.ts';

/** A convolution's output and parameters. */
export function placeConv1d(layer: Conv1d, input: Shape): Placement {
  const [steps, channels] = requireSequence(layer, input);
  requireWhole(layer, { filters: layer.filters, kernelSteps: layer.kernelSteps });
  const kept = layer.padding === 'same' ? steps : steps - layer.kernelSteps + 1;
  requireWhole(layer, { 'steps that are left': kept });
  return {
    output: [kept, layer.filters],
    parameters: {
      kernel: { shape: [1, layer.kernelSteps, channels, layer.filters], beginning: 'glorot' },
      bias: { shape: [layer.filters], beginning: 'zeros' },
    },
  };
}

/** As an image of height one: that is the form with a fast kernel. */
export function conv1dInGraph(layer: Conv1d, x: Node, { graph, parameter }: GraphContext): Node {
  const [batch = 0, steps = 0, channels = 0] = x.shape;
  const image = reshape(graph, x, [batch, 1, steps, channels]);
  const padding = layer.padding === 'same' ? 'SAME' : 'VALID';
  const filtered = addBias(graph, convolve(graph, [image, parameter('kernel')], padding), parameter('bias'));
  const [, , kept = 0, filters = 0] = filtered.shape;
  return reshape(graph, activateGraph(graph, filtered, layer.activation), [batch, kept, filters]);
}

/** ONNX convolves [batch, channels, steps] with kernels [filters, channels, steps]. */
export function conv1dInOnnx(layer: Conv1d, x: string, { onnx, parameter }: OnnxContext): string {
  const kernel = parameter('kernel');
  const [, width = 0, channels = 0, filters = 0] = kernel.shape;
  const turned = new Float32Array(kernel.values.length);
  for (let step = 0; step < width; step += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      for (let filter = 0; filter < filters; filter += 1) {
        const from = (step * channels + channel) * filters + filter;
        turned[(filter * channels + channel) * width + step] = kernel.values[from]!;
      }
    }
  }
  const before = Math.floor((width - 1) / 2);
  const pads = layer.padding === 'same' ? [before, width - 1 - before] : [0, 0];
  const filtered = onnx.node(
    'Conv',
    [
      swapStepsAndChannels(onnx, x),
      onnx.floats(turned, [filters, channels, width]),
      onnx.floats(parameter('bias').values, [filters]),
    ],
    { kernel_shape: [width], pads },
  );
  return swapStepsAndChannels(onnx, activateOnnx(onnx, filtered, layer.activation));
}

function swapStepsAndChannels(onnx: OnnxWriter, x: string): string {
  return onnx.node('Transpose', [x], { perm: [0, 2, 1] });
}
