import type { Graph, Node } from '../graph/graph.ts';
import type { Floats } from '../graph/graphSession.ts';
import { requireShape, sameShape, sizeOf, type Shape } from '../graph/shape.ts';
import { OnnxWriter, type OnnxPrecision } from '../onnx/onnxWriter.ts';
import { attentionBlockInGraph, attentionBlockInOnnx, placeAttentionBlock } from './attentionBlock.ts';
import type { GraphContext, OnnxContext } from './context.ts';
import { asSteps, conv1dInGraph, conv1dInOnnx, placeConv1d, type OnnxValue } from './conv1d.ts';
import { denseInGraph, denseInOnnx, placeDense } from './dense.ts';
import type { Conv1d, Layer, Network, Placement } from './layer.ts';
import { requireRate } from './layerRules.ts';
import { lstmInGraph, lstmInOnnx, placeLstm } from './lstm.ts';
import {
  overStepsInGraph,
  overStepsInOnnx,
  placeOverSteps,
  placePositions,
  positionsInGraph,
  positionsInOnnx,
} from './overSteps.ts';

/** A layer where it stands in its network. */
export interface PlacedLayer {
  readonly layer: Layer;
  readonly input: Shape;
  readonly placement: Placement;
}

/**
 * Every layer with the shapes that reach and leave it.
 * @throws Failure MODEL_SHAPE_MISMATCH naming the layer that does not fit the one before it, or a name used twice
 */
export function placeLayers({ input, layers }: Network): readonly PlacedLayer[] {
  requireShape(
    input.every((size) => Number.isSafeInteger(size) && size > 0),
    'begin a network with',
    [input],
  );
  const names = new Set<string>();
  let reached = input;
  return layers.map((layer) => {
    requireShape(!names.has(layer.name), `name two layers ${layer.name}, the second given`, [reached]);
    names.add(layer.name);
    const placed = { layer, input: reached, placement: place(layer, reached) };
    reached = placed.placement.output;
    return placed;
  });
}

/** Shape of a network's output, without the batch. */
export function outputShape(network: Network): Shape {
  return placeLayers(network).at(-1)?.placement.output ?? network.input;
}

/** Shapes of a network's parameters, named `layer/parameter`, in the order in which they are declared and saved. */
export function parameterShapes(network: Network): Readonly<Record<string, Shape>> {
  return Object.fromEntries(
    placeLayers(network).flatMap(({ layer, placement }) =>
      Object.entries(placement.parameters).map(([name, { shape }]) => [`${layer.name}/${name}`, shape] as const),
    ),
  );
}

/** Whether a network behaves otherwise in training: something in it is dropped. */
export function hasDropout({ layers }: Network): boolean {
  return layers.some((layer) => {
    if (layer.kind === 'attentionBlock') return layer.dropout > 0;
    return layer.kind === 'dropout' && layer.rate > 0;
  });
}

/** What a network is put into a graph with. */
export interface GraphBuild {
  readonly graph: Graph;
  /** Value of a parameter named `layer/parameter`. */
  readonly parameter: (name: string) => Node;
  /** Drops elements in training; left out, nothing is dropped. */
  readonly drop?: GraphContext['drop'];
}

/**
 * A network's output in a graph.
 * @param x shape [batch, ...input]
 * @returns shape [batch, ...output]
 * @throws Failure MODEL_SHAPE_MISMATCH when x is no batch of the network's input
 */
export function networkInGraph(network: Network, x: Node, { graph, parameter, drop }: GraphBuild): Node {
  requireShape(sameShape(x.shape.slice(1), network.input), 'feed a network', [x.shape, network.input]);
  return placeLayers(network).reduce((reached, { layer }) => {
    const named = (name: string): Node => parameter(`${layer.name}/${name}`);
    return layerInGraph(layer, reached, { graph, parameter: named, drop: drop ?? ((given) => given) });
  }, x);
}

/**
 * A network as an ONNX model of opset 17 with input `x`, [batch, ...input], and output `y`, [batch, ...output].
 * @throws Failure MODEL_SHAPE_MISMATCH when a parameter is missing or has another size
 */
export function networkInOnnx(network: Network, parameters: Floats, precision: OnnxPrecision): Uint8Array {
  const onnx = new OnnxWriter(precision);
  const reached = layersInOnnx(network, onnx.input('x', ['batch', ...network.input]), { onnx, parameters });
  onnx.output(reached, 'y', ['batch', ...outputShape(network)]);
  return onnx.encode();
}

/**
 * A network's layers in a model that has other parts as well.
 * @param x name of a value [batch, ...input]
 * @returns name of the network's output
 * @throws Failure MODEL_SHAPE_MISMATCH when a parameter is missing or has another size
 */
export function layersInOnnx(
  network: Network,
  x: string,
  { onnx, parameters }: { readonly onnx: OnnxWriter; readonly parameters: Floats },
): string {
  const reached = placeLayers(network).reduce<OnnxValue>(
    (value, { layer, input, placement }) => {
      const parameter: OnnxContext['parameter'] = (name) => {
        const { shape } = placement.parameters[name]!;
        const values = parameters[`${layer.name}/${name}`] ?? new Float32Array();
        requireShape(values.length === sizeOf(shape), `fill ${layer.name}/${name} with`, [[values.length], shape]);
        return { shape, values };
      };
      const context = { onnx, parameter, input };
      if (layer.kind === 'conv1d') return conv1dInOnnx(layer, value, context);
      return { name: layerInOnnx(layer, asSteps(value, onnx), context), form: 'steps' };
    },
    { name: x, form: 'steps' },
  );
  return asSteps(reached, onnx);
}

function place(layer: Layer, input: Shape): Placement {
  switch (layer.kind) {
    case 'conv1d':
      return placeConv1d(layer, input);
    case 'lstm':
      return placeLstm(layer, input);
    case 'dense':
      return placeDense(layer, input);
    case 'positions':
      return placePositions(layer, input);
    case 'attentionBlock':
      return placeAttentionBlock(layer, input);
    case 'dropout':
      requireRate(layer, layer.rate);
      return { output: input, parameters: {} };
    case 'meanOverSteps':
    case 'lastStep':
      break;
  }
  return placeOverSteps(layer, input);
}

function layerInGraph(layer: Layer, x: Node, context: GraphContext): Node {
  switch (layer.kind) {
    case 'conv1d':
      return conv1dInGraph(layer, x, context);
    case 'lstm':
      return lstmInGraph(layer, x, context);
    case 'dense':
      return denseInGraph(layer, x, context);
    case 'positions':
      return positionsInGraph(layer, x, context);
    case 'attentionBlock':
      return attentionBlockInGraph(layer, x, context);
    case 'dropout':
      return context.drop(x, layer.rate);
    case 'meanOverSteps':
    case 'lastStep':
      break;
  }
  return overStepsInGraph(layer, x, context);
}

function layerInOnnx(layer: Exclude<Layer, Conv1d>, x: string, context: OnnxContext): string {
  switch (layer.kind) {
    case 'lstm':
      return lstmInOnnx(layer, x, context);
    case 'dense':
      return denseInOnnx(layer, x, context);
    case 'positions':
      return positionsInOnnx(layer, x, context);
    case 'attentionBlock':
      return attentionBlockInOnnx(layer, x, context);
    case 'dropout':
      return x;
    case 'meanOverSteps':
    case 'lastStep':
      break;
  }
  return overStepsInOnnx(layer, x, context);
}
