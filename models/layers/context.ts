import type { Graph, Node } from '../graph/graph.ts';
import type { Shape } from '../graph/shape.ts';
import type { OnnxWriter } from '../onnx/onnxWriter.ts';

/** What a layer is compiled to a graph with. */
export interface GraphContext {
  readonly graph: Graph;
  /** Value of one of the layer's parameters. */
  readonly parameter: (name: string) => Node;
  /** Drops a fraction of a tensor's elements; the tensor itself where nothing is learnt. */
  readonly drop: (x: Node, rate: number) => Node;
}

/** What a layer is compiled to ONNX with. */
export interface OnnxContext {
  readonly onnx: OnnxWriter;
  /** One of the layer's parameters, with its trained values. */
  readonly parameter: (name: string) => { readonly shape: Shape; readonly values: Float32Array };
  /** Shape of the layer's input, without the batch. */
  readonly input: Shape;
}
