import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { attribute, dataTypes, Message, shapeMessage, tensorMessage, type DataType } from './protobuf.ts';
import { requireShape, sizeOf, type Shape } from './shape.ts';

/** A tensor of a graph: the name of the output that makes it, its shape and element type. */
export interface Node {
  readonly name: string;
  readonly shape: Shape;
  readonly type: DataType;
}

/** A variable: state that lives in a session. */
export interface Variable {
  readonly name: string;
  readonly shape: Shape;
  readonly handle: Node;
  readonly value: Node;
}

/** An operation to add. */
export interface Operation {
  readonly kind: string;
  /** Nodes, or `^name` for an operation that must have run before. */
  readonly inputs: readonly (Node | string)[];
  readonly attributes?: Readonly<Record<string, Message>>;
  /** Shape of each output. */
  readonly outputs: readonly Shape[];
  readonly type?: DataType;
  readonly name?: string;
}

/** Gradients towards an operation's inputs, given those towards its outputs; null where there is none. */
export type Gradient = (outputs: readonly (Node | null)[]) => readonly (Node | null)[];

interface TapeEntry {
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
  readonly gradient: Gradient;
}

/** Attribute of operations on floats. */
export const onFloats = { T: attribute.type(dataTypes.float) } as const;

/**
 * A TensorFlow graph under construction, with reverse-mode gradients over the operations it recorded. It is written as
 * a SavedModel, which the native library loads and runs as it is: no Python takes part.
 */
export class Graph {
  private readonly nodes: Message[] = [];
  private readonly tape: TapeEntry[] = [];
  private readonly constants = new Map<string, Node>();
  private readonly signatures: Record<string, Message> = {};
  private needed: ReadonlySet<string> = new Set();
  readonly variables: Variable[] = [];

  /** Adds an operation; answers its outputs. */
  add({ kind, inputs, attributes = {}, outputs, type = dataTypes.float, name }: Operation): readonly Node[] {
    const id = name ?? `${kind}_${this.nodes.length}`;
    const message = new Message().bytes(1, id).bytes(2, kind);
    for (const input of inputs) message.bytes(3, typeof input === 'string' ? input : input.name);
    this.nodes.push(message.map(5, attributes));
    return outputs.map((shape, index) => ({ name: index === 0 ? id : `${id}:${index}`, shape, type }));
  }

  /** Adds an operation of one output. */
  one(operation: Omit<Operation, 'outputs'> & { readonly shape: Shape }): Node {
    return this.add({ ...operation, outputs: [operation.shape] })[0]!;
  }

  /** Remembers how gradients flow through what was added. */
  record(inputs: readonly Node[], outputs: readonly Node[], gradient: Gradient): readonly Node[] {
    this.tape.push({ inputs, outputs, gradient });
    return outputs;
  }

  /** A constant; equal small ones are one node. */
  constant(values: readonly number[], shape: Shape, type: DataType = dataTypes.float): Node {
    const key = `${type}|${shape.join()}|${values.join()}`;
    const known = this.constants.get(key);
    if (known) return known;
    const attributes = { dtype: attribute.type(type), value: attribute.tensor(tensorMessage(type, shape, values)) };
    const node = this.one({ kind: 'Const', inputs: [], attributes, shape, type });
    this.constants.set(key, node);
    return node;
  }

  scalar(value: number, type: DataType = dataTypes.float): Node {
    return this.constant([value], [], type);
  }

  /** A list of whole numbers, as shapes and axes are given to operations. */
  list(values: readonly number[]): Node {
    return this.constant(values, [values.length], dataTypes.int32);
  }

  /** A tensor of one value. */
  filled(shape: Shape, value: number): Node {
    if (shape.includes(0)) return this.constant([], shape);
    const attributes = { ...onFloats, index_type: attribute.type(dataTypes.int32) };
    return this.one({ kind: 'Fill', inputs: [this.list(shape), this.scalar(value)], attributes, shape });
  }

  /** An input that each run of a signature feeds. */
  placeholder(name: string, shape: Shape): Node {
    const attributes = { dtype: attribute.type(dataTypes.float), shape: attribute.shape(shape) };
    return this.one({ kind: 'Placeholder', inputs: [], attributes, shape, name });
  }

  /** Declares a variable; its value is undefined until the signature `assign` has set it. */
  variable(name: string, shape: Shape): Variable {
    const dtype = attribute.type(dataTypes.float);
    const handle = this.one({
      kind: 'VarHandleOp',
      inputs: [],
      attributes: { dtype, shape: attribute.shape(shape), shared_name: attribute.text(name) },
      shape: [],
      type: dataTypes.resource,
      name,
    });
    const value = this.one({ kind: 'ReadVariableOp', inputs: [handle], attributes: { dtype }, shape });
    const variable = { name, shape, handle, value };
    this.variables.push(variable);
    return variable;
  }

  /** Sets a variable; answers the name other operations can wait for. */
  assign(variable: Variable, value: Node, name: string): string {
    const attributes = { dtype: attribute.type(dataTypes.float) };
    this.add({ kind: 'AssignVariableOp', inputs: [variable.handle, value], attributes, outputs: [], name });
    return name;
  }

  /** The same value, under a name, made only after the named operations ran. */
  after(name: string, value: Node, before: readonly string[] = []): Node {
    const inputs = [value, ...before.map((operation) => `^${operation}`)];
    return this.one({ kind: 'Identity', inputs, attributes: onFloats, shape: value.shape, name });
  }

  /** Whether a gradient towards the node is asked for; gradients skip work nobody needs. */
  needs(node: Node): boolean {
    return this.needed.has(node.name);
  }

  /**
   * Gradients of a scalar towards nodes, by reverse accumulation over the tape.
   * @throws RangeError when the scalar does not depend on one of them; Failure MODEL_SHAPE_MISMATCH when it is none
   */
  gradients(of: Node, towards: readonly Node[]): readonly Node[] {
    requireShape(sizeOf(of.shape) === 1, 'differentiate', [of.shape]);
    const needed = new Set(towards.map(({ name }) => name));
    for (const { inputs, outputs } of this.tape) {
      if (inputs.some(({ name }) => needed.has(name))) for (const { name } of outputs) needed.add(name);
    }
    this.needed = needed;
    const found = new Map<string, Node>([[of.name, this.filled(of.shape, 1)]]);
    for (const { inputs, outputs, gradient } of this.tape.toReversed()) {
      const given = outputs.map(({ name }) => found.get(name) ?? null);
      if (given.every((node) => node === null) || !inputs.some((input) => this.needs(input))) continue;
      for (const [index, flow] of gradient(given).entries()) {
        const input = inputs[index]!;
        if (!flow || !this.needs(input)) continue;
        const known = found.get(input.name);
        const sum = (a: Node): Node =>
          this.one({ kind: 'AddV2', inputs: [a, flow], attributes: onFloats, shape: a.shape });
        found.set(input.name, known ? sum(known) : flow);
      }
    }
    return towards.map((node) => {
      const gradient = found.get(node.name);
      if (!gradient) throw new RangeError(`${of.name} does not depend on ${node.name}`);
      return gradient;
    });
  }

  /** Names inputs and outputs that are run together. */
  signature(name: string, inputs: Readonly<Record<string, Node>>, outputs: Readonly<Record<string, Node>>): void {
    const infos = (nodes: Readonly<Record<string, Node>>): Record<string, Message> =>
      Object.fromEntries(Object.entries(nodes).map(([key, node]) => [key, tensorInfo(node)]));
    this.signatures[name] = new Message()
      .map(1, infos(inputs))
      .map(2, infos(outputs))
      .bytes(3, 'tensorflow/serving/predict');
  }

  /** Adds the signatures `assign` and `read` over every variable: checkpoints are plain tensors. */
  stateSignatures(): void {
    const inputs: Record<string, Node> = {};
    const outputs: Record<string, Node> = {};
    const assigned = this.variables.map((variable, index) => {
      const given = this.placeholder(`assign_input_${index}`, variable.shape);
      inputs[variable.name] = given;
      outputs[variable.name] = this.after(`read_${index}`, variable.value);
      return this.assign(variable, given, `assign_${index}`);
    });
    this.signature('assign', inputs, { done: this.after('assign_done', this.scalar(1), assigned) });
    this.signature('read', {}, outputs);
  }

  /** Writes the graph as a SavedModel into a folder. */
  save(folder: string): void {
    const graph = new Message();
    for (const node of this.nodes) graph.bytes(1, node);
    graph.bytes(4, new Message().int(1, graphVersion));
    const meta = new Message().bytes(1, new Message().bytes(4, 'serve')).bytes(2, graph).map(5, this.signatures);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'saved_model.pb'), new Message().int(1, 1).bytes(2, meta).encode());
  }
}

/** Producer version of GraphDefs that TensorFlow 2.9 and later read. */
const graphVersion = 1087;

function tensorInfo({ name, shape, type }: Node): Message {
  const output = name.includes(':') ? name : `${name}:0`;
  return new Message().bytes(1, output).int(2, type).bytes(3, shapeMessage(shape));
}
