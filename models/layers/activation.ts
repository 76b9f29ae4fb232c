import { tanh } from '../graph/elementwise.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { relu } from '../graph/operations.ts';
import { sigmoid } from '../graph/sequenceOperations.ts';
import type { OnnxWriter } from '../onnx/onnxWriter.ts';
import type { Activation } from './layer.ts';

/** An activation in a training graph. */
export function activateGraph(graph: Graph, x: Node, activation: Activation): Node {
  switch (activation) {
    case 'none':
      return x;
    case 'relu':
      return relu(graph, x);
    case 'tanh':
      return tanh(graph, x);
    case 'sigmoid':
      break;
  }
  return sigmoid(graph, x);
}

/** An activation in ONNX. */
export function activateOnnx(onnx: OnnxWriter, x: string, activation: Activation): string {
  switch (activation) {
    case 'none':
      return x;
    case 'relu':
      return onnx.node('Relu', [x]);
    case 'tanh':
      return onnx.node('Tanh', [x]);
    case 'sigmoid':
      break;
  }
  return onnx.node('Sigmoid', [x]);
}
