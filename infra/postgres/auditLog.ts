import type { AuditEvent, AuditLog, AuditRecord } from '#activities/ports/auditLog.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import { Failure } from '#domain/failure.ts';
import { follow, genesisHash, sealed } from './auditChain.ts';
import type { ChainPosition } from './auditChain.ts';
import type { Database, Queryable } from './database.ts';

const columns = `sequence, key, actor, action, subject, body, recorded_at_ms AS "recordedAtMs",
  previous_hash AS "previousHash", hash`;
const recordsMax = 1_000;
const verifyPageRecords = 1_000;

/**
 * The audit chain over a migrated database. Appends queue on the lock of the head's row, so sequence numbers have no
 * gaps; an append of a known key answers with the record that stands, and throws Failure ROW_CONFLICT when the events
 * differ.
 */
export function createAuditLog(database: Database): AuditLog {
  return {
    append: (event) => database.transaction((transaction) => appendRecord(transaction, event)),

    /** The latest records, oldest first; 1,000 at most. */
    async records({ subject, limit = recordsMax } = {}) {
      const latest = await database.query<AuditRecord>(
        `SELECT ${columns} FROM audit_records WHERE $1::text IS NULL OR subject = $1 ORDER BY sequence DESC LIMIT $2`,
        [subject ?? null, Math.min(limit, recordsMax)],
      );
      return latest.toReversed();
    },

    // One snapshot of the database, so that appends during the check neither break it nor wait for it.
    verify: () => database.transaction(verify, { isolation: 'repeatable read' }),
  };
}

/** As `append`, in a transaction that is under way: what it says is written with what it speaks of, or neither is. */
export async function appendRecord(transaction: Queryable, event: AuditEvent): Promise<AuditRecord> {
  const { key, actor, action, subject, body } = event;
  const [head] = await transaction.query<ChainPosition & { nowMs: number }>(
    `SELECT sequence, hash, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "nowMs"
     FROM audit_head FOR UPDATE`,
  );
  if (!head) throw new Failure('AUDIT_CHAIN_BROKEN', 'the head of the audit chain is gone');
  const [standing] = await transaction.query<AuditRecord>(`SELECT ${columns} FROM audit_records WHERE key = $1`, [key]);
  if (standing) {
    if (eventText(standing) === eventText(event)) return standing;
    throw new Failure('ROW_CONFLICT', `the audit chain holds another event under ${key}`, {
      key,
      sequence: standing.sequence,
    });
  }
  const record = sealed({
    sequence: head.sequence + 1,
    key,
    actor,
    action,
    subject,
    body,
    recordedAtMs: head.nowMs,
    previousHash: head.hash,
  });
  await transaction.query(
    `INSERT INTO audit_records (sequence, key, actor, action, subject, body, recorded_at_ms, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      record.sequence,
      key,
      actor,
      action,
      subject,
      canonicalJson(body),
      record.recordedAtMs,
      record.previousHash,
      record.hash,
    ],
  );
  await transaction.query('UPDATE audit_head SET sequence = $1, hash = $2', [record.sequence, record.hash]);
  return record;
}

async function verify(transaction: Queryable): Promise<Awaited<ReturnType<AuditLog['verify']>>> {
  const [counted] = await transaction.query<{ records: number }>('SELECT count(*) AS records FROM audit_records');
  const records = counted?.records ?? 0;
  const [head] = await transaction.query<ChainPosition>('SELECT sequence, hash FROM audit_head');
  const headHash = head?.hash ?? genesisHash;
  let position: ChainPosition = { sequence: 0, hash: genesisHash };
  for (;;) {
    const page = await transaction.query<AuditRecord>(
      `SELECT ${columns} FROM audit_records WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
      [position.sequence, verifyPageRecords],
    );
    if (page.length === 0) break;
    const followed = follow(position, page);
    if (followed.kind === 'broken') return { records, verified: false, brokenAt: followed.at, headHash };
    position = followed.position;
  }
  // Records cut off the end leave a chain that follows, but ends before the head.
  if (head?.sequence !== position.sequence || head.hash !== position.hash) {
    return { records, verified: false, brokenAt: position.sequence + 1, headHash };
  }
  return { records, verified: true, headHash };
}

function eventText({ actor, action, subject, body }: AuditEvent): string {
  return canonicalJson({ actor, action, subject, body });
}
