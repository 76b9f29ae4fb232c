import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { Digest } from '#domain/digest.ts';
import { sha256 } from '#domain/sha256.ts';
import { deriveKey, scryptCost } from './passwords.ts';

/** A key pair as it is stored: anybody may read the public key, only the password opens the private one. */
export interface StoredKey {
  /** SHA-256 of the public key. */
  readonly key: Digest;
  /** SubjectPublicKeyInfo (RFC 8410), base64url. */
  readonly publicKey: string;
  /** `scrypt-aes-256-gcm$N$r$p$salt$nonce$tag$ciphertext`, base64url. */
  readonly sealedPrivateKey: string;
}

/** A key that signs, while it is in memory. */
export interface SigningKey {
  readonly key: Digest;
  /** Ed25519 over the text's UTF-8 bytes, base64url. */
  sign(text: string): string;
}

const scheme = 'scrypt-aes-256-gcm';
const cipher = 'aes-256-gcm';
const saltBytes = 16;
// NIST SP 800-38D: 96 bits; each is used once, under a key that only its salt and password give.
const nonceBytes = 12;

/** Makes an Ed25519 key pair (RFC 8032) whose private key only this password opens. */
export async function createStoredKey(name: string, password: string): Promise<StoredKey> {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' });
  const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const key = sha256(publicKey);
  const sealedPrivateKey = await seal(privateKey, password, boundTo(name, key));
  return { key, publicKey: publicKey.toString('base64url'), sealedPrivateKey };
}

/** The key, opened; undefined when the password does not open it or it was not stored for this person. */
export async function openStoredKey(
  name: string,
  password: string,
  { key, sealedPrivateKey }: Pick<StoredKey, 'key' | 'sealedPrivateKey'>,
): Promise<SigningKey | undefined> {
  const der = await unseal(sealedPrivateKey, password, boundTo(name, key));
  if (!der) return undefined;
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { key, sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url') };
}

/** The same key under another password; undefined when the present one does not open it. */
export async function resealStoredKey(
  name: string,
  { password, newPassword }: { readonly password: string; readonly newPassword: string },
  { key, sealedPrivateKey }: Pick<StoredKey, 'key' | 'sealedPrivateKey'>,
): Promise<string | undefined> {
  const der = await unseal(sealedPrivateKey, password, boundTo(name, key));
  return der && seal(der, newPassword, boundTo(name, key));
}

/** Whether the public key's owner signed the text. */
export function isSignatureOf(publicKey: string, text: string, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64url'));
}

// A sealed key copied to another person's row, or under another public key, does not open.
function boundTo(name: string, key: string): Buffer {
  return Buffer.from(`${name}\n${key}`, 'utf8');
}

async function seal(secret: Buffer, password: string, bound: Buffer): Promise<string> {
  const [salt, nonce] = [randomBytes(saltBytes), randomBytes(nonceBytes)];
  const sealing = createCipheriv(cipher, await deriveKey(password, salt, scryptCost), nonce).setAAD(bound);
  const ciphertext = Buffer.concat([sealing.update(secret), sealing.final()]);
  const parts = [salt, nonce, sealing.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
  return [scheme, scryptCost.N, scryptCost.r, scryptCost.p, ...parts].join('$');
}

async function unseal(sealed: string, password: string, bound: Buffer): Promise<Buffer | undefined> {
  const [, N, r, p, ...parts] = sealed.split('$');
  const [salt, nonce, tag, ciphertext] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (!salt || !nonce || !tag || !ciphertext) return undefined;
  const derived = await deriveKey(password, salt, { N: Number(N), r: Number(r), p: Number(p) });
  const opening = createDecipheriv(cipher, derived, nonce, { authTagLength: 16 }).setAAD(bound).setAuthTag(tag);
  try {
    return Buffer.concat([opening.update(ciphertext), opening.final()]);
  } catch {
    // The tag does not fit: another password, or altered bytes.
    return undefined;
  }
}
