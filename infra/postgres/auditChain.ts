import type { AuditRecord } from '#activities/ports/auditLog.ts';
import { digestOf } from '#domain/sha256.ts';

/** The hash before the first record. */
export const genesisHash = '0'.repeat(64);

/** A record without its own hash: what the hash covers. */
export type UnsealedRecord = Omit<AuditRecord, 'hash'>;

/** A record with its hash: SHA-256 of the canonical JSON (RFC 8785) of everything else, the previous hash included. */
export function sealed(record: UnsealedRecord): AuditRecord {
  return { ...record, hash: hashOf(record) };
}

/** Where a chain stands after its records so far. */
export interface ChainPosition {
  readonly sequence: number;
  readonly hash: string;
}

/**
 * Follows the chain over further records.
 * @returns the position after them, or the sequence number of the first record that does not follow
 */
export function follow(
  from: ChainPosition,
  records: readonly AuditRecord[],
): { readonly kind: 'follows'; readonly position: ChainPosition } | { readonly kind: 'broken'; readonly at: number } {
  let position = from;
  for (const { hash, ...record } of records) {
    const expected = position.sequence + 1;
    const follows = record.sequence === expected && record.previousHash === position.hash && hash === hashOf(record);
    if (!follows) return { kind: 'broken', at: expected };
    position = { sequence: record.sequence, hash };
  }
  return { kind: 'follows', position };
}

function hashOf({ sequence, key, actor, action, subject, body, recordedAtMs, previousHash }: UnsealedRecord): string {
  return digestOf({ sequence, key, actor, action, subject, body, recordedAtMs, previousHash });
}
