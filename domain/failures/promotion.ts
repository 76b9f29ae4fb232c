import type { FailureEntry } from './entry.ts';

/** Failures of the area: promotion. */
export const promotionFailures = {
  VALIDATION_MISSING: {
    summary: 'An artifact asked for promotion without ever being validated.',
    action: 'Run the validation of this version, then ask again.',
    retry: 'never',
  },
  REVIEWER_UNKNOWN: {
    summary: 'The person is no active reviewer.',
    action: 'Ask a person with the role reviewer; an administrator gives the role.',
    retry: 'never',
  },
  REVIEW_NOT_OPEN: {
    summary: 'The candidate is not under review: its gate is still being weighed, or its promotion has ended.',
    action: 'Look where it stands with `plimsoll review show`, and review it when it waits for people.',
    retry: 'never',
  },
  REVIEW_AFTER_DECISION: {
    summary: 'The candidate was approved or rejected before the review came.',
    action: 'Look at the decision with `plimsoll review show`; ask for a new promotion to review it again.',
    retry: 'never',
  },
  REVIEW_OF_OTHER_BYTES: {
    summary: 'The review names the digest of another artifact than the candidate.',
    action: 'Look at the candidate again with `plimsoll review show`; approve only what you looked at.',
    retry: 'never',
  },
  REVIEW_BY_AUTHOR: {
    summary: 'The person who trained the candidate reviewed it.',
    action: 'Let another reviewer look at it.',
    retry: 'never',
  },
  REVIEW_OF_OTHER_CANDIDATE: {
    summary: 'The signed statement was made for another promotion, gate or model version.',
    action: 'Sign a statement for this candidate; a statement cannot be carried from one promotion to another.',
    retry: 'never',
  },
  REVIEW_SIGNATURE_FORGED: {
    summary: "A review's signature was not made over its statement by the key that it names.",
    action: 'Find who sent it: the statement was altered or made by somebody without the key.',
    retry: 'never',
  },
  REVIEW_KEY_UNKNOWN: {
    summary: 'A review names a key that its reviewer does not have.',
    action: 'Sign in again and repeat the review; if it was not you, find who sent it.',
    retry: 'never',
  },
  REVIEW_KEY_REVOKED: {
    summary: 'A review is signed with a key that was revoked.',
    action: 'Sign with the present key; if it was not you, the old key is in wrong hands.',
    retry: 'never',
  },
  REVIEWS_TOO_FEW: {
    summary: 'A decision was to be written down that its signed reviews do not support.',
    action: 'Find who asked for it: a promotion counts before it decides, so this came from elsewhere.',
    retry: 'never',
  },
  REVIEW_TWICE: {
    summary: 'The person has reviewed the candidate already.',
    action: 'Let another reviewer look at it; one person counts once.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
