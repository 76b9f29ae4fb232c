import type { Graph, Node } from './graph.ts';
import { multiply, rawBinary, rawUnary } from './operations.ts';
import { attribute, dataTypes } from './protobuf.ts';
import { requireShape } from './shape.ts';

/** Where a dropout's randomness comes from: the same three numbers drop the same elements, on every run. */
export interface DropoutSeed {
  /** Of the training and of the place within its network. */
  readonly seed: number;
  /** A scalar that moves on with every step. */
  readonly step: Node;
}

/**
 * Sets each element to zero with a probability and scales the rest, so that the mean stays (Srivastava et al. 2014).
 * @param rate probability, in [0, 1)
 * @throws Failure MODEL_SHAPE_MISMATCH when the rate is none
 */
export function dropout(graph: Graph, x: Node, { rate, seed, step }: DropoutSeed & { readonly rate: number }): Node {
  requireShape(rate >= 0 && rate < 1, `drop a fraction of ${rate} of`, [x.shape]);
  if (rate === 0) return x;
  const keep = 1 - rate;
  const uniform = graph.one({
    kind: 'StatelessRandomUniform',
    inputs: [graph.list(x.shape), seedNode(graph, { seed, step })],
    attributes: {
      dtype: attribute.type(dataTypes.float),
      T: attribute.type(dataTypes.int32),
      Tseed: attribute.type(dataTypes.int32),
    },
    shape: x.shape,
  });
  const kept = rawUnary(graph, 'Floor', rawBinary(graph, 'AddV2', [uniform, graph.scalar(keep)]));
  return multiply(graph, x, rawBinary(graph, 'Mul', [kept, graph.scalar(1 / keep)]));
}

/** The generator counts with 32-bit numbers; a step counted as a float is exact up to 16 million. */
function seedNode(graph: Graph, { seed, step }: DropoutSeed): Node {
  const attributes = {
    SrcT: attribute.type(dataTypes.float),
    DstT: attribute.type(dataTypes.int32),
    Truncate: attribute.bool(false),
  };
  const whole = graph.one({ kind: 'Cast', inputs: [step], attributes, shape: [], type: dataTypes.int32 });
  const parts = [graph.constant([seed | 0], [], dataTypes.int32), whole];
  return graph.one({
    kind: 'Pack',
    inputs: parts,
    attributes: { T: attribute.type(dataTypes.int32), N: attribute.int(2), axis: attribute.int(0) },
    shape: [2],
    type: dataTypes.int32,
  });
}
