import type { ApprovalRow } from '#activities/ports/approvals.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import type { Database } from '#infra/postgres/database.ts';

/** What stands of approvals, the champion and the audit chain. */
export interface RecordFacts {
  readonly auditRecords: number;
  readonly violations: readonly string[];
}

/** The champion is the approved artifact, the audit chain follows, and what was decided stands in it. */
export async function readRecords(database: Database, registry: ModelRegistry): Promise<RecordFacts> {
  const { records, verified, brokenAt } = await createAuditLog(database).verify();
  const models = await database.query<{ model: string }>('SELECT DISTINCT model FROM artifacts ORDER BY model');
  const champions = await Promise.all(models.map(({ model }) => championViolations(database, registry, model)));
  const violations = [
    ...(records > 0 ? [] : ['the audit chain is empty']),
    ...(verified ? [] : [`the audit chain breaks at record ${brokenAt} of ${records}`]),
    ...(await unrecorded(database)).map((key) => `${key} is not in the audit chain`),
    ...champions.flat(),
  ];
  return { auditRecords: records, violations };
}

/** Keys under which a decision, a promotion or a closed session should stand in the chain, and do not. */
async function unrecorded(database: Database): Promise<readonly string[]> {
  const rows = await database.query<{ key: string }>(
    `SELECT key FROM (
       SELECT 'decision:' || decision_id AS key FROM decisions
       UNION ALL SELECT concat_ws(':', 'promotion', artifact_digest, request) FROM approvals
       UNION ALL SELECT concat_ws(':', 'session-closed', account, session) FROM trading_sessions
         WHERE closed_at IS NOT NULL
     ) AS expected WHERE key NOT IN (SELECT key FROM audit_records) ORDER BY key`,
  );
  return rows.map(({ key }) => key);
}

async function championViolations(
  database: Database,
  registry: ModelRegistry,
  model: string,
): Promise<readonly string[]> {
  const decisions = await createApprovals(database).decisions(model);
  const approved = decisions.findLast(({ decision }: ApprovalRow) => decision === 'approved');
  const champion = await registry.aliased(model, 'champion');
  if (!approved)
    return champion ? [`the champion of ${model} was never approved`] : [`no version of ${model} was approved`];
  if (!champion) return [`${model} has no champion, though version ${approved.modelVersion} was approved`];
  const isApproved = champion.version === approved.modelVersion && champion.artifactDigest === approved.artifactDigest;
  if (isApproved) return [];
  return [
    `the champion of ${model} is version ${champion.version}, artifact ${champion.artifactDigest}; ` +
      `approved was version ${approved.modelVersion}, artifact ${approved.artifactDigest}`,
  ];
}
