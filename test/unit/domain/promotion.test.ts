import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideReviews, evaluateGate, refuseReview, type Criterion, type GivenReview } from '#domain/promotion.ts';

const sharpe: Criterion = { metric: 'meanSharpe', comparison: 'atLeast', threshold: 1, reason: 'beats doing nothing' };
const drawdown: Criterion = { metric: 'drawdown', comparison: 'atMost', threshold: 0.05, reason: 'stays bearable' };
const rule = {
  author: 'ann',
  artifactDigest: 'd'.repeat(64),
  approvalsRequired: 2,
  eligible: ['ann', 'ben', 'cat', 'dan'],
};
const by = (reviewer: string, verdict: GivenReview['verdict'] = 'approve'): GivenReview => ({
  reviewer,
  verdict,
  artifactDigest: rule.artifactDigest,
});
const anyReview = fc.record({
  reviewer: fc.constantFrom('ann', 'ben', 'cat', 'dan', 'eve'),
  verdict: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'reject' as const),
  artifactDigest: fc.constantFrom(rule.artifactDigest, rule.artifactDigest, 'e'.repeat(64)),
});

describe('a gate', () => {
  it('passes what meets every criterion exactly, and says by which figures', () =>
    expect(evaluateGate([sharpe, drawdown], { meanSharpe: 1, drawdown: 0.05, other: 9 })).toEqual({
      verdict: 'passed',
      checks: [
        { ...sharpe, actual: 1, passed: true },
        { ...drawdown, actual: 0.05, passed: true },
      ],
    }));

  it('fails when one criterion is missed, and shows the others all the same', () =>
    expect(evaluateGate([sharpe, drawdown], { meanSharpe: 0.999, drawdown: 0.01 })).toMatchObject({
      verdict: 'failed',
      checks: [{ passed: false }, { passed: true }],
    }));

  it.each([
    ['missing', {}],
    ['null', { drawdown: null }],
    ['not a number', { drawdown: Number.NaN }],
    ['endless', { drawdown: Number.NEGATIVE_INFINITY }],
  ])('fails a figure that is %s, whichever way it is compared', (_, figures) => {
    expect(evaluateGate([drawdown], figures).verdict).toBe('failed');
    expect(evaluateGate([{ ...drawdown, comparison: 'atLeast' }], figures).verdict).toBe('failed');
  });

  it('without criteria passes nothing', () => expect(evaluateGate([], { meanSharpe: 9 }).verdict).toBe('failed'));

  it('passes exactly when every check passes, and a stricter threshold never helps', () =>
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (figure, more) => {
          const figures = { meanSharpe: figure };
          const verdict = evaluateGate([sharpe], figures).verdict;
          expect(verdict === 'passed').toBe(figure >= 1);
          const stricter = evaluateGate([{ ...sharpe, threshold: 1 + more }], figures).verdict;
          expect(stricter === 'passed' && verdict === 'failed').toBe(false);
        },
      ),
    ));
});

describe('a review', () => {
  it('of a different person with the role, of the same bytes, is taken', () =>
    expect(refuseReview(by('cat'), [by('ben')], rule)).toBeUndefined());

  it.each([
    ['REVIEW_BY_AUTHOR', by('ann'), []],
    ['REVIEW_TWICE', by('ben', 'reject'), [by('ben')]],
    ['REVIEWER_UNKNOWN', by('eve'), []],
    ['REVIEW_OF_OTHER_BYTES', { ...by('ben'), artifactDigest: 'e'.repeat(64) }, []],
    ['REVIEW_AFTER_DECISION', by('dan'), [by('ben'), by('cat')]],
    ['REVIEW_AFTER_DECISION', by('dan'), [by('ben', 'reject')]],
  ] as const)('is refused with %s: %o after %o', (code, given, taken) =>
    expect(refuseReview(given, taken, rule)).toMatchObject({ code, message: expect.stringMatching(/./) }),
  );

  it('needs no list of reviewers where the caller asks the directory itself', () => {
    const { author, artifactDigest, approvalsRequired } = rule;
    expect(refuseReview(by('eve'), [], { author, artifactDigest, approvalsRequired })).toBeUndefined();
  });
});

describe('the decision of reviewers', () => {
  it.each([
    ['pending', []],
    ['pending', [by('ben')]],
    ['approved', [by('ben'), by('cat')]],
    ['rejected', [by('ben'), by('cat', 'reject')]],
    ['rejected', [by('ben'), by('cat'), by('dan', 'reject')]],
    ['pending', [by('ben'), by('ben')]],
    ['pending', [by('ben'), by('ann')]],
    ['pending', [by('ben'), by('eve')]],
    ['pending', [by('ben'), { ...by('cat'), artifactDigest: 'e'.repeat(64) }]],
    ['pending', [by('ann', 'reject')]],
  ] as const)('is %s after %o', (decision, reviews) => expect(decideReviews(reviews, rule)).toBe(decision));

  it.each([0, -1])('asks for one approval where the rule says %d', (approvalsRequired) =>
    expect([
      decideReviews([], { ...rule, approvalsRequired }),
      decideReviews([by('ben')], { ...rule, approvalsRequired }),
    ]).toEqual(['pending', 'approved']),
  );

  it('approves only by enough different eligible people, whatever reviews arrive in whatever order', () =>
    fc.assert(
      fc.property(fc.array(anyReview, { maxLength: 12 }), (arriving) => {
        const taken: GivenReview[] = [];
        for (const given of arriving) if (!refuseReview(given, taken, rule)) taken.push(given);
        const people = taken.map(({ reviewer }) => reviewer);
        expect(new Set(people).size).toBe(people.length);
        expect(people).not.toContain('ann');
        expect(people).not.toContain('eve');
        expect(taken.length).toBeLessThanOrEqual(rule.approvalsRequired);
        const decision = decideReviews(taken, rule);
        const rejected = taken.some(({ verdict }) => verdict === 'reject');
        expect(decision).toBe(rejected ? 'rejected' : taken.length === 2 ? 'approved' : 'pending');
      }),
    ));
});
