import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { Failure } from '#domain/failure.ts';

/** The file inside a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The file inside a zip archive as a stream of its bytes. */
export interface ZipEntryStream {
  readonly name: string;
  readonly bytes: Readable;
}

const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const endLength = 22;
const commentMax = 65_535;
const localHeaderLength = 30;
const [stored, deflated] = [0, 8];
// A size of 32 bits that says: look into the field of zip64.
const elsewhere = 0xffff_ffff;
const zip64Field = 1;
// Far above a day of ticks: an archive that claims more is damaged or hostile.
const entryBytesMax = 2 ** 31 - 1;

/**
 * The only file of a zip archive (APPNOTE 6.3.10: stored or deflated, sizes of zip64, not encrypted).
 * @throws Failure FILE_UNREADABLE when it is missing, damaged, encrypted, or holds not exactly one file
 */
export async function onlyZipEntry(path: string): Promise<ZipEntry> {
  try {
    return entryOf(await readFile(path));
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  }
}

/**
 * The only file of a zip archive, unpacked as it is read: memory holds the archive, not what is in it.
 * @throws Failure FILE_UNREADABLE as `onlyZipEntry`; damage in the packed bytes is an error of the stream
 */
export async function streamZipEntry(path: string): Promise<ZipEntryStream> {
  try {
    const { name, packed, method } = packedEntry(await readFile(path));
    const source = Readable.from([packed]);
    return { name, bytes: method === stored ? source : source.pipe(createInflateRaw()) };
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  }
}

interface PackedEntry {
  readonly name: string;
  readonly packed: Buffer;
  readonly method: number;
  /** Bytes once unpacked. */
  readonly length: number;
}

function entryOf(archive: Buffer): ZipEntry {
  const { name, packed, method, length } = packedEntry(archive);
  const bytes = unpacked(packed, method, length);
  if (bytes.length !== length) throw new Error(`${name} has ${bytes.length} bytes, not ${length}`);
  return { name, bytes };
}

function packedEntry(archive: Buffer): PackedEntry {
  const end = endOfDirectory(archive);
  const files = archive.readUInt16LE(end + 10);
  if (files !== 1) throw new Error(`it holds ${files} files, not one`);
  const at = archive.readUInt32LE(end + 16);
  if (archive.readUInt32LE(at) !== centralSignature) throw new Error('its directory is damaged');
  if ((archive.readUInt16LE(at + 8) & 1) === 1) throw new Error('it is encrypted');
  const method = archive.readUInt16LE(at + 10);
  const { packedLength, length } = sizesOf(archive, at);
  const name = archive.toString('utf8', at + 46, at + 46 + archive.readUInt16LE(at + 28));
  const local = archive.readUInt32LE(at + 42);
  const begins = local + localHeaderLength + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(begins, begins + packedLength);
  if (packed.length !== packedLength || length > entryBytesMax) throw new Error('it is cut short or too large');
  if (method !== stored && method !== deflated) throw new Error(`its compression method ${method} is not known`);
  return { name, packed, method, length };
}

/** Sizes of an entry of the directory; those of zip64 stand in its extra field, the unpacked one first. */
function sizesOf(archive: Buffer, at: number): { readonly packedLength: number; readonly length: number } {
  const packedLength = archive.readUInt32LE(at + 20);
  const length = archive.readUInt32LE(at + 24);
  if (packedLength !== elsewhere && length !== elsewhere) return { packedLength, length };
  const begins = at + 46 + archive.readUInt16LE(at + 28);
  const ends = begins + archive.readUInt16LE(at + 30);
  for (let field = begins; field < ends; field += 4 + archive.readUInt16LE(field + 2)) {
    if (archive.readUInt16LE(field) !== zip64Field) continue;
    let next = field + 4;
    const large = (small: number): number => {
      if (small !== elsewhere) return small;
      next += 8;
      return Number(archive.readBigUInt64LE(next - 8));
    };
    const unpackedLength = large(length);
    return { packedLength: large(packedLength), length: unpackedLength };
  }
  throw new Error('it does not tell its sizes');
}

function unpacked(packed: Buffer, method: number, length: number): Buffer {
  return method === stored ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, length) });
}

function endOfDirectory(archive: Buffer): number {
  const first = Math.max(0, archive.length - endLength - commentMax);
  for (let at = archive.length - endLength; at >= first; at -= 1) {
    if (archive.readUInt32LE(at) === endSignature) return at;
  }
  throw new Error('it is no zip archive');
}
