import { createHash } from 'node:crypto';

/** `20220202135509981::uuid`: market time first, as Alpaca numbers its activities, then what makes it unique. */
export function activityId(atMs: number, unique: string): string {
  return `${new Date(atMs).toISOString().replaceAll(/\D/g, '')}::${unique}`;
}

/** The activity of the fee on an execution: always the same one. */
export function feeActivityId(executionId: string): string {
  const [stamp = ''] = executionId.split('::');
  return `${stamp}::${uuidOf(`fee ${executionId}`)}`;
}

/** A UUID that is the same for one text in every run (SHA-256, shaped as version 8 of RFC 9562). */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
