import { endianness } from 'node:os';
import { Failure } from '#domain/failure.ts';
import type { Floats } from './graph/graphSession.ts';

// A file of named float32 tensors: the length of a JSON header as uint32, the header, then the elements of each tensor
// in the header's order. All little-endian. Names are sorted, so that equal tensors are equal bytes.

/** Named tensors as bytes. */
export function encodeTensors(tensors: Floats, meta: Readonly<Record<string, unknown>> = {}): Uint8Array {
  const names = Object.keys(tensors).sort();
  const header = Buffer.from(
    JSON.stringify({ meta, tensors: names.map((name) => ({ name, length: tensors[name]!.length })) }),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  return Buffer.concat([size, header, ...names.map((name) => littleEndian(new Uint8Array(bytesOf(tensors[name]!))))]);
}

/**
 * What `encodeTensors` wrote.
 * @throws Failure ARTIFACT_UNREADABLE when the bytes end early or are something else
 */
export function decodeTensors(bytes: Uint8Array): {
  readonly tensors: Floats;
  readonly meta: Readonly<Record<string, unknown>>;
} {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const headerSize = buffer.readUInt32LE(0);
    const header = JSON.parse(buffer.subarray(4, 4 + headerSize).toString()) as {
      readonly meta: Readonly<Record<string, unknown>>;
      readonly tensors: readonly { readonly name: string; readonly length: number }[];
    };
    let at = 4 + headerSize;
    const tensors = header.tensors.map(({ name, length }) => {
      const body = littleEndian(new Uint8Array(buffer.subarray(at, (at += length * 4))));
      return [name, new Float32Array(body.buffer, 0, length)] as const;
    });
    if (at !== buffer.length) throw new RangeError(`${buffer.length - at} bytes too many`);
    return { tensors: Object.fromEntries(tensors), meta: header.meta };
  } catch (cause) {
    throw new Failure('ARTIFACT_UNREADABLE', 'the file of tensors is damaged or no such file', {}, { cause });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Bytes of float32 between this machine's order and little-endian, in place. */
function littleEndian(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (endianness() === 'BE') Buffer.from(bytes.buffer).swap32();
  return bytes;
}
