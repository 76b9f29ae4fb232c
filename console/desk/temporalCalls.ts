import { isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError, type Client } from '@temporalio/client';
import { Failure } from '#domain/failure.ts';

/** Longest wait for an answer people look at. */
export const askTimeoutMs = 4_000;

// gRPC's own numbers: CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE.
const silences: readonly number[] = [1, 4, 14];

/**
 * Calls Temporal within a time.
 * @throws Failure WORKERS_SILENT when Temporal or the workers behind it did not answer in time; what the call throws
 */
export async function withinTime<Answer>(
  client: Client,
  timeoutMs: number,
  call: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await client.withDeadline(Date.now() + timeoutMs, call);
  } catch (error) {
    if (!isSilence(error)) throw error;
    throw new Failure('WORKERS_SILENT', `no answer within ${timeoutMs / 1_000} s`, { timeoutMs }, { cause: error });
  }
}

function isSilence(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
    if (isGrpcServiceError(at) && silences.includes(at.code)) return true;
  }
  return false;
}
