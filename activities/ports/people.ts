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

/**
 * What a signature is worth. `valid`: the person's key made it. `revoked`: so it did, but the key signs nothing new.
 * `unknown`: the key is not the person's. `forged`: the key did not sign this text.
 */
export type SignatureStanding = 'valid' | 'revoked' | 'unknown' | 'forged';

/** People who may touch the system. */
export interface People {
  /** Whether an active person has the name and the role. */
  hasRole(name: string, role: Role): Promise<boolean>;
  /** Whether a person signed a text with a key. */
  checkSignature(given: GivenSignature): Promise<SignatureStanding>;
}
