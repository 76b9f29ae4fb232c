import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';

/**
 * SHA-256 of a file's bytes, however many.
 * @throws Failure FILE_UNREADABLE
 */
export async function fileDigest(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${path}: ${(error as Error).message}`, { path }, { cause: error });
  }
  return hash.digest('hex') as Digest;
}
