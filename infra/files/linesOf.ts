import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '#domain/failure.ts';

/** A line of a file with its number, from 1. */
export interface FileLine {
  readonly text: string;
  readonly line: number;
}

/**
 * The lines of a text file, plain or gzip (told by its first bytes), without their ends; empty ones are left out.
 * Memory holds a few of them, however long the file is.
 * @throws Failure FILE_UNREADABLE when it is missing, not permitted, or a damaged gzip file
 */
export async function* linesOf(path: string): AsyncGenerator<FileLine> {
  let bytes: ReadStream | undefined;
  try {
    const compressed = await isGzip(path);
    bytes = createReadStream(path);
    const source = compressed ? bytes.pipe(createGunzip()) : bytes;
    // A pipe does not hand on what goes wrong before it.
    bytes.on('error', (error) => source.destroy(error));
    yield* linesOfStream(source);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  } finally {
    bytes?.destroy();
  }
}

/** The lines of a stream of UTF-8 text, as `linesOf` gives them. @throws what the stream throws */
export async function* linesOfStream(source: Readable): AsyncGenerator<FileLine> {
  let line = 0;
  for await (const text of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text !== '') yield { text, line };
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
  } finally {
    await file.close();
  }
}
