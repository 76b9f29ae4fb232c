/** A SHA-256 digest, 64 lower-case hexadecimal digits: the identity of bytes. */
export type Digest = string & { readonly __brand: 'Digest' };

/**
 * Checks and brands a digest.
 * @throws RangeError when the text is not 64 lower-case hexadecimal digits
 */
export function digest(text: string): Digest {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new RangeError(`not a SHA-256 digest: ${JSON.stringify(text)}`);
  return text as Digest;
}
