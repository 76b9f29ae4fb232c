const lengthBytes = 4;
/** What the vendor's own clients take at most (TWS API, `EClient` of Java: 0xffffff). */
const frameBytesMax = 0xff_ff_ff;

/** Cuts the bytes of a connection into frames: four bytes of length, most significant first, then so many bytes. */
export class TwsFrames {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Length of the frame that is being gathered, once its first bytes are here. */
  #length: number | undefined;

  /**
   * Frames that are whole now.
   * @throws RangeError for a length that no frame has: what follows cannot be cut into frames any more
   */
  take(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const frames: Buffer[] = [];
    for (;;) {
      if (this.#length === undefined) {
        if (this.#bytes < lengthBytes) return frames;
        this.#length = checkedLength(this.#cut(lengthBytes).readInt32BE(0));
      }
      if (this.#bytes < this.#length) return frames;
      frames.push(this.#cut(this.#length));
      this.#length = undefined;
    }
  }

  #cut(bytes: number): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = [all.subarray(bytes)];
    this.#bytes -= bytes;
    return all.subarray(0, bytes);
  }
}

/** A frame of fields, each ended by a NUL. */
export function frameOfFields(fields: readonly string[]): Buffer {
  return framed(fields.map((field) => `${field}\0`).join(''));
}

/** The greeting of a client: `API`, a NUL, and a frame with the versions it speaks. */
export function greetingOf(versions: { readonly min: number; readonly max: number }): Buffer {
  return Buffer.concat([Buffer.from('API\0'), framed(`v${versions.min}..${versions.max}`)]);
}

/**
 * Fields of a frame.
 * @throws RangeError for a frame that does not end with a field's end
 */
export function fieldsOf(frame: Buffer): readonly string[] {
  const fields = frame.toString('utf8').split('\0');
  if (fields.pop() !== '' || fields.length === 0) throw new RangeError('a frame does not end with a field');
  return fields;
}

function framed(text: string): Buffer {
  const body = Buffer.from(text);
  const length = Buffer.alloc(lengthBytes);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function checkedLength(length: number): number {
  if (length > 0 && length <= frameBytesMax) return length;
  throw new RangeError(`a frame of ${length} bytes`);
}
