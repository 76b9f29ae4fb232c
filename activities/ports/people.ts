import type { SignatureStanding } from '#domain/reviewStatement.ts';

/** What a person may do. */
export type Role = 'engineer' | 'reviewer' | 'operator';

/** A text with the signature it came with. */
export interface GivenSignature {
  readonly name: string;
  /** SHA-256 of the public key. */
  readonly key: string;
  readonly text: string;
  /** Ed25519, base64url. */
  readonly signature: string;
}

/** People who may touch the system. */
export interface People {
  /** Whether an active person has the name and the role. */
  hasRole(name: string, role: Role): Promise<boolean>;
  /** Whether a person signed a text with a key. */
  checkSignature(given: GivenSignature): Promise<SignatureStanding>;
}
