/** One criterion of a gate: a figure against a threshold. */
export interface Criterion {
  readonly metric: string;
  readonly comparison: 'atLeast' | 'atMost';
  readonly threshold: number;
  readonly reason: string;
}

/** A named list of criteria. */
export interface Gate {
  readonly name: string;
  readonly criteria: readonly Criterion[];
}

/** A criterion with the figure it met; a figure that is missing or undefined fails. */
export interface CheckedCriterion extends Criterion {
  readonly actual: number | null;
  readonly passed: boolean;
}

/** A gate's verdict with every check. */
export interface GateVerdict {
  readonly verdict: 'passed' | 'failed';
  readonly checks: readonly CheckedCriterion[];
}

/** A gate with its verdict and every check; plain JSON. */
export interface WeighedGate extends GateVerdict {
  readonly name: string;
}

/** Holds figures against a gate, under its name. */
export function weighGate({ name, criteria }: Gate, figures: Readonly<Record<string, number | null>>): WeighedGate {
  return { name, ...evaluateGate(criteria, figures) };
}

/** Holds figures against criteria; all must pass, and a gate without criteria passes nothing. */
export function evaluateGate(
  criteria: readonly Criterion[],
  figures: Readonly<Record<string, number | null>>,
): GateVerdict {
  const checks = criteria.map((criterion): CheckedCriterion => {
    const actual = figures[criterion.metric] ?? null;
    return { ...criterion, actual, passed: actual !== null && Number.isFinite(actual) && meets(criterion, actual) };
  });
  const passed = checks.length > 0 && checks.every((check) => check.passed);
  return { verdict: passed ? 'passed' : 'failed', checks };
}

function meets({ comparison, threshold }: Criterion, actual: number): boolean {
  return comparison === 'atLeast' ? actual >= threshold : actual <= threshold;
}

/** Who must approve what. */
export interface ReviewRule {
  /** Who trained the candidate; may not review it. */
  readonly author: string;
  /** The bytes under review. */
  readonly artifactDigest: string;
  /** Different people who must approve; less than one is taken for one, since nobody's word is no review. */
  readonly approvalsRequired: number;
  /** People with the reviewer's role; left out where the caller asks the directory itself. */
  readonly eligible?: readonly string[];
}

/** A person's verdict on bytes. */
export interface GivenReview {
  readonly reviewer: string;
  readonly verdict: 'approve' | 'reject';
  readonly artifactDigest: string;
}

/** Why a review is not taken. */
export interface ReviewRefusal {
  readonly code:
    'REVIEW_AFTER_DECISION' | 'REVIEW_OF_OTHER_BYTES' | 'REVIEW_BY_AUTHOR' | 'REVIEWER_UNKNOWN' | 'REVIEW_TWICE';
  readonly message: string;
}

/** Why a review may not be taken beside those already given; undefined when it may. */
export function refuseReview(
  given: GivenReview,
  taken: readonly GivenReview[],
  rule: ReviewRule,
): ReviewRefusal | undefined {
  if (decideReviews(taken, rule) !== 'pending') {
    return { code: 'REVIEW_AFTER_DECISION', message: 'the candidate is decided already' };
  }
  if (given.artifactDigest !== rule.artifactDigest) {
    const message = `the review names ${given.artifactDigest}, the candidate is ${rule.artifactDigest}`;
    return { code: 'REVIEW_OF_OTHER_BYTES', message };
  }
  if (given.reviewer === rule.author) {
    return { code: 'REVIEW_BY_AUTHOR', message: `${given.reviewer} trained the candidate and may not review it` };
  }
  if (rule.eligible && !rule.eligible.includes(given.reviewer)) {
    return { code: 'REVIEWER_UNKNOWN', message: `${given.reviewer} does not have the reviewer's role` };
  }
  if (taken.some(({ reviewer }) => reviewer === given.reviewer)) {
    return { code: 'REVIEW_TWICE', message: `${given.reviewer} has reviewed the candidate already` };
  }
  return undefined;
}

/**
 * What reviews add up to: one rejection rejects, enough different people approve. Reviews of other bytes, by the author
 * or by people without the role count for nothing, however they came to be taken.
 */
export function decideReviews(reviews: readonly GivenReview[], rule: ReviewRule): 'pending' | 'approved' | 'rejected' {
  const { author, artifactDigest, approvalsRequired, eligible } = rule;
  const valid = reviews.filter(
    (given) =>
      given.artifactDigest === artifactDigest &&
      given.reviewer !== author &&
      (eligible === undefined || eligible.includes(given.reviewer)),
  );
  if (valid.some(({ verdict }) => verdict === 'reject')) return 'rejected';
  const people = new Set(valid.map(({ reviewer }) => reviewer));
  return people.size >= Math.max(1, approvalsRequired) ? 'approved' : 'pending';
}
