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

/** What is between layers in ONNX: `steps` are [batch, steps, channels], `columns` what convolutions leave of them. */
export interface OnnxValue {
  readonly name: string;
  /** Of [batch, filters, steps, 1]. */
  readonly form: 'steps' | 'columns';
}

/**
 * A convolution in ONNX. The first of several sees an image of one channel, steps high and channels wide, and its filters
 * are as wide: each leaves columns, which the next takes as they are. Nothing is turned before or between them, and the
 * runtime keeps the images in blocks of channels, for which it has its fastest kernels.
 */
export function conv1dInOnnx(layer: Conv1d, x: OnnxValue, { onnx, parameter }: OnnxContext): OnnxValue {
  const { values, shape } = parameter('kernel');
  const [, steps = 0, channels = 0, filters = 0] = shape;
  const isFirst = x.form === 'steps';
  const image = isFirst ? onnx.node('Unsqueeze', [x.name, onnx.wholes([1])]) : x.name;
  const kernel = new Float32Array(values.length);
  for (let step = 0; step < steps; step += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const place = isFirst ? step * channels + channel : channel * steps + step;
      for (let filter = 0; filter < filters; filter += 1) {
        kernel[filter * steps * channels + place] = values[(step * channels + channel) * filters + filter]!;
      }
    }
  }
  const kernelShape = isFirst ? [1, steps, channels] : [channels, steps, 1];
  const before = layer.padding === 'same' ? Math.floor((steps - 1) / 2) : 0;
  const after = layer.padding === 'same' ? steps - 1 - before : 0;
  const sums = onnx.node(
    'Conv',
    [image, onnx.floats(kernel, [filters, ...kernelShape]), onnx.floats(parameter('bias').values, [filters])],
    { kernel_shape: kernelShape.slice(1), pads: [before, 0, after, 0] },
  );
  return { name: activateOnnx(onnx, sums, layer.activation), form: 'columns' };
}

/** A value as steps. */
export function asSteps({ name, form }: OnnxValue, onnx: OnnxWriter): string {
  if (form === 'steps') return name;
  return onnx.node('Transpose', [onnx.node('Squeeze', [name, onnx.wholes([3])])], { perm: [0, 2, 1] });
}
