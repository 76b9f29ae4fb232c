import { statementText, type SignedReview } from '#domain/reviewStatement.ts';
import type { Database } from './database.ts';
import { createPeople } from './people.ts';

/** A review where it is kept, beside what it is kept under. */
interface KeptReview {
  readonly place: string;
  /** Digest of the artifact the row decides about; null in the audit chain, which keeps the statement alone. */
  readonly artifactDigest: string | null;
  readonly review: SignedReview;
}

/**
 * Checks the signature of every review in the audit chain and in the approvals.
 * @returns how many there are, and where those stand that their reviewer's key did not make for this artifact
 */
export async function verifySignatures(
  database: Database,
): Promise<{ readonly signatures: number; readonly forged: readonly string[] }> {
  const people = createPeople(database);
  const kept = await database.query<KeptReview & Readonly<Record<string, unknown>>>(
    `SELECT 'audit record ' || sequence AS place, NULL AS "artifactDigest", body AS review
       FROM audit_records WHERE action = 'review.taken'
     UNION ALL
     SELECT 'approval ' || model || ' ' || model_version || ' (' || request || ')', artifact_digest, review
       FROM approvals, jsonb_array_elements(reviews) AS review`,
  );
  const forged: string[] = [];
  for (const { place, artifactDigest, review } of kept) {
    const { statement, signature } = review;
    const { reviewer: name, key } = statement;
    const standing = await people.checkSignature({ name, key, text: statementText(statement), signature });
    const isOfOtherBytes = artifactDigest !== null && statement.artifactDigest !== artifactDigest;
    // A revoked key still proves what it signed while it was good.
    if (standing === 'forged' || standing === 'unknown' || isOfOtherBytes) forged.push(place);
  }
  return { signatures: kept.length, forged };
}
