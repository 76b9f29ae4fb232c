import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Parameters of scrypt: blocks, block size, parallelism. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

// OWASP password storage cheat sheet: N = 2^15 with r = 8 needs p = 3; 32 MB and about 0.2 s a login.
/** What deriving a key from a password costs. */
export const scryptCost: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };
const hashBytes = 32;
const saltBytes = 16;

/** A password's hash with its salt and cost: `scrypt$N$r$p$salt$hash`, base64url (RFC 7914). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await deriveKey(password, salt, scryptCost);
  return [
    'scrypt',
    scryptCost.N,
    scryptCost.r,
    scryptCost.p,
    salt.toString('base64url'),
    hash.toString('base64url'),
  ].join('$');
}

/**
 * Whether a password has the hash; the comparison takes the same time wherever they differ. Without a hash (nobody
 * has the name) it works as long and answers false, so that time does not tell which names exist.
 */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const [, N, r, p, salt, hash] = (stored ?? nobodysHash).split('$');
  const expected = Buffer.from(hash ?? '', 'base64url');
  const actual = await deriveKey(password, Buffer.from(salt ?? '', 'base64url'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return expected.length === actual.length && timingSafeEqual(expected, actual) && stored !== undefined;
}

const nobodysHash = ['scrypt', scryptCost.N, scryptCost.r, scryptCost.p, 'AAAAAAAAAAAAAAAAAAAAAA', ''].join('$');

/** 32 bytes derived from a password by scrypt (RFC 7914); the password is normalised first. */
export function deriveKey(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, { N, r, p, maxmem: 2 * 128 * N * r }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
