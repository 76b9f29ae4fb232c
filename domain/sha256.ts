import { createHash } from 'node:crypto';
import { canonicalJson } from './canonicalJson.ts';
import type { Digest } from './digest.ts';

/** SHA-256 of bytes, or of a text's UTF-8 bytes (FIPS 180-4). Not for workflow code, which has no node:crypto. */
export function sha256(bytes: Uint8Array | string): Digest {
  return createHash('sha256').update(bytes).digest('hex') as Digest;
}

/** SHA-256 of a plain value's canonical JSON: the same value gives the same digest whatever its keys' order. */
export function digestOf(value: unknown): Digest {
  return sha256(canonicalJson(value));
}
