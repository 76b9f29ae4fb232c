import { Failure } from '#domain/failure.ts';
import type { AuditEvent, AuditLog } from './ports/auditLog.ts';

/**
 * Appends an event whose figures move on between two tellings, as prices do: what was told first under its identity
 * stands, with its own figures.
 */
export async function appendOnce(audit: AuditLog, event: AuditEvent): Promise<void> {
  await firstStands(() => audit.append(event));
}

/** Writes a row of figures that move on between two tellings: one that stands under its identity stays as it is. */
export async function firstStands(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'ROW_CONFLICT')) throw error;
  }
}
