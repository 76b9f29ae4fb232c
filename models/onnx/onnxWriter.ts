import { Message } from '../graph/protobuf.ts';
import type { Shape } from '../graph/shape.ts';
import { toFloat16 } from './float16.ts';
import { quantiseColumns, quantiseWhole } from './quantise.ts';

/**
 * How a model keeps its weights: `float16` stores halves, which become float32 when the model is loaded (ONNX Runtime
 * 1.30 ends its process over recurrences in halves on a CPU); `int8` quantises products and recurrences, weights to 7 bits
 * and inputs as they come.
 */
export type OnnxPrecision = 'float32' | 'float16' | 'int8';

/** An attribute of an operation. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** Numbers of onnx.proto's TensorProto.DataType. */
const elementTypes = { float32: 1, int8: 3, int64: 7, float16: 10 } as const;
const opset = 17;
/** ONNX Runtime's own operations: whole attention, and what is quantised as it comes. */
const runtimeDomain = 'com.microsoft';

/** Elements of a matrix from which on a single row is quantised as well. */
const quantisedElementsMin = 65_536;

/** A matrix with a bias. */
export interface OnnxAffine {
  readonly kernel: Float32Array;
  /** [inputs, units]. */
  readonly shape: Shape;
  readonly bias: Float32Array;
  /** Rows of one sample. */
  readonly sampleRows: number;
}

/** Weights of attention, heads side by side. */
export interface OnnxAttention {
  /** Shape [channels, 3 channels]: queries, keys, values. */
  readonly kernel: Float32Array;
  /** Shape [3 channels]. */
  readonly bias: Float32Array;
  readonly heads: number;
}

/** Weights of an LSTM, gates as ONNX orders them: i, o, f, c. */
export interface OnnxLstm {
  /** Shape [inputs, 4 units]. */
  readonly input: Float32Array;
  /** Shape [units, 4 units]. */
  readonly state: Float32Array;
  /** Shape [8 units]: of inputs, then of the state. */
  readonly bias: Float32Array;
  readonly units: number;
}

/**
 * A writer of ONNX models, opset 17 (https://onnx.ai/onnx/repo-docs/IR.html). Values are named by the text that the
 * operation which makes them answers. Inputs and outputs are float32.
 */
export class OnnxWriter {
  private readonly precision: OnnxPrecision;
  private readonly nodes: Message[] = [];
  private readonly constants: Message[] = [];
  private readonly inputs: Message[] = [];
  private readonly outputs: Message[] = [];
  private usesRuntimeDomain = false;
  private count = 0;

  constructor(precision: OnnxPrecision) {
    this.precision = precision;
  }

  /** Declares an input; a text among the sizes names one that each run chooses. */
  input(name: string, sizes: readonly (number | string)[]): string {
    this.inputs.push(valueInfo(name, sizes));
    return name;
  }

  /** Declares a value as an output. */
  output(value: string, name: string, sizes: readonly (number | string)[]): void {
    this.add('Identity', [value], { outputs: [name] });
    this.outputs.push(valueInfo(name, sizes));
  }

  /** A constant of floats, stored as halves where the model keeps them so. */
  floats(values: Float32Array, shape: Shape): string {
    if (this.precision !== 'float16') return this.constant(elementTypes.float32, shape, bytesOf(values));
    const halves = this.constant(elementTypes.float16, shape, bytesOf(toFloat16(values)));
    return this.node('Cast', [halves], { to: elementTypes.float32 });
  }

  /** A constant of whole numbers, as shapes and axes are given to operations; by default a list. */
  wholes(values: readonly number[], shape: Shape = [values.length]): string {
    return this.constant(elementTypes.int64, shape, bytesOf(BigInt64Array.from(values, BigInt)));
  }

  /** Adds an operation of one output. */
  node(kind: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    const output = this.fresh();
    this.add(kind, inputs, { attributes, outputs: [output] });
    return output;
  }

  /**
   * A product of rows with a matrix, plus a bias.
   * @param rows name of a value [rows, inputs]
   */
  affine(rows: string, { kernel, shape, bias, sampleRows }: OnnxAffine): string {
    const biases = this.floats(bias, [bias.length]);
    // One row of a small matrix is multiplied in less time than it takes to quantise it.
    const paysOff = sampleRows > 1 || kernel.length >= quantisedElementsMin;
    if (this.precision !== 'int8' || !paysOff) return this.node('Gemm', [rows, this.floats(kernel, shape), biases]);
    const columns = shape[1]!;
    const { values, scales } = quantiseColumns(kernel, columns);
    const weights = [this.bytes(values, shape), this.floats(scales, [columns])];
    const zeros = this.bytes(new Int8Array(columns), [columns]);
    return this.runtimeNode('DynamicQuantizeMatMul', [rows, ...weights, zeros, biases]);
  }

  /**
   * Self-attention with as many heads (Vaswani et al. 2017): queries, keys and values of all heads by one matrix, each
   * head's shares and what is heard by them, as one operation of the runtime's.
   * @param x name of a value [batch, steps, channels]
   * @returns name of a value [batch, steps, channels], heads side by side
   */
  attention(x: string, { kernel, bias, heads }: OnnxAttention): string {
    const shape = [bias.length / 3, bias.length];
    const attributes = { num_heads: heads };
    const biases = this.floats(bias, [bias.length]);
    if (this.precision !== 'int8') {
      return this.runtimeNode('Attention', [x, this.floats(kernel, shape), biases], attributes);
    }
    const { values, scales } = quantiseColumns(kernel, bias.length);
    const [whole, scale, zero] = [this.fresh(), this.fresh(), this.fresh()];
    this.add('DynamicQuantizeLinear', [x], { outputs: [whole, scale, zero] });
    const weightScales = this.floats(scales, [bias.length]);
    const zeros = this.bytes(new Int8Array(bias.length), [bias.length]);
    const given = [whole, this.bytes(values, shape), biases, scale, weightScales, '', zero, zeros];
    return this.runtimeNode('QAttention', given, attributes);
  }

  /**
   * An LSTM over [steps, batch, inputs].
   * @returns hidden states [steps, 1, batch, units], and the last one [1, batch, units]
   */
  lstm(x: string, { input, state, bias, units }: OnnxLstm): readonly [string, string] {
    const outputs = [this.fresh(), this.fresh()] as const;
    const attributes = { hidden_size: units };
    const inputs = input.length / (4 * units);
    const biases = this.floats(bias, [1, 8 * units]);
    if (this.precision === 'int8') {
      const kernels = [quantiseWhole(input), quantiseWhole(state)] as const;
      const weights = [inputs, units].map((rows, index) => this.bytes(kernels[index]!.values, [1, rows, 4 * units]));
      const scales = kernels.flatMap(({ scales: one }) => [this.floats(one, [1]), this.bytes(new Int8Array(1), [1])]);
      const given = [x, ...weights, biases, '', '', '', '', ...scales];
      this.add('DynamicQuantizeLSTM', given, { attributes, outputs, domain: runtimeDomain });
    } else {
      const weights = [
        this.floats(transposed(input, 4 * units), [1, 4 * units, inputs]),
        this.floats(transposed(state, 4 * units), [1, 4 * units, units]),
      ];
      this.add('LSTM', [x, ...weights, biases], { attributes, outputs });
    }
    return outputs;
  }

  /** The model's bytes. */
  encode(): Uint8Array {
    const graph = new Message();
    for (const node of this.nodes) graph.bytes(1, node);
    graph.bytes(2, 'network');
    for (const constant of this.constants) graph.bytes(5, constant);
    for (const input of this.inputs) graph.bytes(11, input);
    for (const output of this.outputs) graph.bytes(12, output);
    // Version 8 of the format goes with opset 17.
    const model = new Message().int(1, 8).bytes(2, 'plimsoll').bytes(7, graph);
    model.bytes(8, new Message().bytes(1, '').int(2, opset));
    if (this.usesRuntimeDomain) model.bytes(8, new Message().bytes(1, runtimeDomain).int(2, 1));
    return model.encode();
  }

  /** Adds one of the runtime's own operations. */
  private runtimeNode(
    kind: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    const output = this.fresh();
    this.add(kind, inputs, { attributes, outputs: [output], domain: runtimeDomain });
    return output;
  }

  private add(
    kind: string,
    inputs: readonly string[],
    {
      attributes = {},
      outputs,
      domain,
    }: {
      readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
      readonly outputs: readonly string[];
      readonly domain?: string;
    },
  ): void {
    const node = new Message();
    for (const input of inputs) node.bytes(1, input);
    for (const output of outputs) node.bytes(2, output);
    node.bytes(3, `${kind}_${this.nodes.length}`).bytes(4, kind);
    for (const [name, value] of Object.entries(attributes)) node.bytes(5, attributeMessage(name, value));
    if (domain !== undefined) {
      node.bytes(7, domain);
      this.usesRuntimeDomain = true;
    }
    this.nodes.push(node);
  }

  private bytes(values: Int8Array, shape: Shape): string {
    return this.constant(elementTypes.int8, shape, bytesOf(values));
  }

  private constant(type: number, shape: Shape, bytes: Uint8Array): string {
    const name = `constant${this.constants.length}`;
    const message = new Message();
    for (const size of shape) message.int(1, size);
    this.constants.push(message.int(2, type).bytes(8, name).bytes(9, bytes));
    return name;
  }

  private fresh(): string {
    this.count += 1;
    return `value${this.count}`;
  }
}

function valueInfo(name: string, sizes: readonly (number | string)[]): Message {
  const shape = new Message();
  for (const size of sizes) {
    shape.bytes(1, typeof size === 'number' ? new Message().int(1, size) : new Message().bytes(2, size));
  }
  const tensor = new Message().int(1, elementTypes.float32).bytes(2, shape);
  return new Message().bytes(1, name).bytes(2, new Message().bytes(1, tensor));
}

function attributeMessage(name: string, value: OnnxAttribute): Message {
  const message = new Message().bytes(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, 2);
  if (typeof value === 'string') return message.bytes(4, value).int(20, 3);
  if ('float' in value) return message.float(2, value.float).int(20, 1);
  for (const item of value) message.int(8, item);
  return message.int(20, 7);
}

/** A matrix with its rows and columns swapped. */
function transposed(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    return values[(at % rows) * columns + Math.floor(at / rows)]!;
  });
}

/** Elements as ONNX stores them: little-endian, which every machine is that the native libraries are built for. */
function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
