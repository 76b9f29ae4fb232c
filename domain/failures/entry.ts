/** What the catalogue says of one failure code. */
export interface FailureEntry {
  /** What happened, in one sentence. */
  readonly summary: string;
  /** What the operator does about it, in one or two sentences. */
  readonly action: string;
  /** Whether the same call may succeed later without anyone's help. */
  readonly retry: 'never' | 'backoff';
}
