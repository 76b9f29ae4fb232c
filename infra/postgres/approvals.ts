import type { ApprovalRow, Approvals } from '#activities/ports/approvals.ts';
import type { Database } from './database.ts';
import { insertOnce } from './insertOnce.ts';

const columns = `artifact_digest AS "artifactDigest", model, model_version AS "modelVersion", request, decision, gate,
  reviews`;

/** Decisions over a migrated database; another decision under the same artifact and request is ROW_CONFLICT. */
export function createApprovals(database: Database): Approvals {
  return {
    async record({ artifactDigest, model, modelVersion, request, decision, gate, reviews }) {
      await insertOnce(database, {
        table: 'approvals',
        key: ['artifact_digest', 'request'],
        columns: {
          artifact_digest: artifactDigest,
          request,
          model,
          model_version: modelVersion,
          decision,
          gate,
          reviews,
        },
      });
    },

    // A later rejection of the same bytes withdraws an earlier approval; an expired request says nothing about them.
    async approved(artifactDigest) {
      const rows = await database.query<ApprovalRow>(
        `SELECT ${columns} FROM approvals WHERE artifact_digest = $1 AND decision <> 'expired'
         ORDER BY sequence DESC LIMIT 1`,
        [artifactDigest],
      );
      return rows[0]?.decision === 'approved' ? rows[0] : undefined;
    },

    decisions: (model) =>
      database.query<ApprovalRow>(`SELECT ${columns} FROM approvals WHERE model = $1 ORDER BY sequence`, [model]),
  };
}
