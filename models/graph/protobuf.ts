/**
 * A writer of protocol buffers: just the wire types that GraphDef, MetaGraphDef and SavedModel need
 * (https://protobuf.dev/programming-guides/encoding/). Field numbers are those of TensorFlow's own .proto files.
 */
export class Message {
  private readonly parts: Buffer[] = [];

  /** A varint field; negative numbers are written as 64-bit two's complement. */
  int(field: number, value: number | bigint | boolean): this {
    this.varint(field << 3);
    this.varint(BigInt(value));
    return this;
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    this.varint((field << 3) | 5);
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.parts.push(bytes);
    return this;
  }

  /** A length-delimited field: bytes, UTF-8 text, or a message. */
  bytes(field: number, value: Uint8Array | string | Message): this {
    const bytes = value instanceof Message ? value.encode() : Buffer.from(value);
    this.varint((field << 3) | 2);
    this.varint(BigInt(bytes.length));
    this.parts.push(bytes);
    return this;
  }

  /** A map field with text keys and message values. */
  map(field: number, entries: Readonly<Record<string, Message>>): this {
    for (const [key, value] of Object.entries(entries)) this.bytes(field, new Message().bytes(1, key).bytes(2, value));
    return this;
  }

  /** The bytes so far. */
  encode(): Buffer {
    return Buffer.concat(this.parts);
  }

  private varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.parts.push(Buffer.from(bytes));
  }
}

/** Element types, by TensorFlow's numbers. */
export const dataTypes = { float: 1, int32: 3, int64: 9, resource: 20 } as const;

/** An element type's number. */
export type DataType = (typeof dataTypes)[keyof typeof dataTypes];

/** A TensorShapeProto. */
export function shapeMessage(shape: readonly number[]): Message {
  return shape.reduce((message, size) => message.bytes(2, new Message().int(1, size)), new Message());
}

/** A TensorProto holding its elements as raw little-endian bytes. */
export function tensorMessage(type: DataType, shape: readonly number[], values: readonly number[]): Message {
  const typed =
    type === dataTypes.int32
      ? Int32Array.from(values)
      : type === dataTypes.int64
        ? BigInt64Array.from(values, BigInt)
        : Float32Array.from(values);
  const bytes = new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
  return new Message().int(1, type).bytes(2, shapeMessage(shape)).bytes(4, bytes);
}

/** Makers of AttrValue messages. */
export const attribute = {
  type: (type: DataType): Message => new Message().int(6, type),
  int: (value: number): Message => new Message().int(3, value),
  ints: (values: readonly number[]): Message =>
    new Message().bytes(
      1,
      values.reduce((message, value) => message.int(3, value), new Message()),
    ),
  bool: (value: boolean): Message => new Message().int(5, value),
  float: (value: number): Message => new Message().float(4, value),
  text: (value: string): Message => new Message().bytes(2, value),
  shape: (shape: readonly number[]): Message => new Message().bytes(7, shapeMessage(shape)),
  tensor: (message: Message): Message => new Message().bytes(8, message),
} as const;
