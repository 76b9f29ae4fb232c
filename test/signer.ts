import { generateKeyPairSync, sign } from 'node:crypto';
import type { People } from '#activities/ports/people.ts';
import {
  statementText,
  type ReviewStatement,
  type SignatureStanding,
  type SignedReview,
} from '#domain/reviewStatement.ts';
import { sha256 } from '#domain/sha256.ts';
import { isSignatureOf } from '#infra/postgres/signingKeys.ts';

/** Somebody with an Ed25519 key of their own. */
export interface Signer {
  readonly name: string;
  readonly key: string;
  readonly publicKey: string;
  sign(statement: Omit<ReviewStatement, 'key' | 'reviewer' | 'format' | 'reviewedAtMs'>): SignedReview;
}

/** Makes a signer. */
export function createSigner(name: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const key = sha256(spki);
  return {
    name,
    key,
    publicKey: spki.toString('base64url'),
    sign: (said) => {
      const statement: ReviewStatement = {
        ...said,
        format: 'plimsoll-review-1',
        reviewer: name,
        reviewedAtMs: Date.UTC(2026, 10, 21),
        key,
      };
      const signature = sign(null, Buffer.from(statementText(statement)), privateKey).toString('base64url');
      return { statement, signature };
    },
  };
}

/** People who are these signers, all of them reviewers, with real signatures. */
export function peopleOf(signers: readonly Signer[], revoked: readonly Signer[] = []): People {
  return {
    hasRole: (name, role) => Promise.resolve(role === 'reviewer' && signers.some((signer) => signer.name === name)),
    checkSignature: ({ name, key, text, signature }): Promise<SignatureStanding> => {
      const signer = [...signers, ...revoked].find((some) => some.name === name && some.key === key);
      if (!signer) return Promise.resolve('unknown');
      if (!isSignatureOf(signer.publicKey, text, signature)) return Promise.resolve('forged');
      return Promise.resolve(revoked.includes(signer) ? 'revoked' : 'valid');
    },
  };
}
