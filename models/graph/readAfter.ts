import type { Graph, Node, Variable } from './graph.ts';
import { attribute, dataTypes } from './protobuf.ts';

/** A variable's value as it is once the named operations have run: `value` is that before them. */
export function readAfter(graph: Graph, { handle, shape }: Variable, before: readonly string[]): Node {
  const inputs = [handle, ...before.map((operation) => `^${operation}`)];
  return graph.one({ kind: 'ReadVariableOp', inputs, attributes: { dtype: attribute.type(dataTypes.float) }, shape });
}
