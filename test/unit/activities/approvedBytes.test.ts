import { describe, expect, it } from 'vitest';
import { requireApproval, requireSignedReview, type ApprovalWorld } from '#activities/approvedBytes.ts';
import { createPromotionActivities, type PromotionWorld } from '#activities/promotionActivities.ts';
import { digest } from '#domain/digest.ts';
import type { ReviewStatement, SignedReview } from '#domain/reviewStatement.ts';
import { createSigner, peopleOf, type Signer } from '#test/signer.ts';

const artifactDigest = digest('a'.repeat(64));
const version = { model: 'forecaster', modelVersion: '3', artifactDigest };
const subject = { ...version, workflowId: 'promote:forecaster:3:first', gate: 'worth trading' };
const said = { ...subject, verdict: 'approve', comment: 'read it' } as const;
const [ada, grace, linus] = ['ada', 'grace', 'linus'].map(createSigner) as [Signer, Signer, Signer];
const signers = [ada, grace, linus];
const catalogue = {
  artifact: (asked: string) => Promise.resolve(asked === artifactDigest ? { ...version, author: 'linus' } : undefined),
} as unknown as ApprovalWorld['catalogue'];

/** A world in which these reviews stand as the approval of the bytes. */
function world(reviews: readonly SignedReview[] = [], people = peopleOf(signers)): ApprovalWorld {
  const approval = { ...version, request: 'first', decision: 'approved' as const, gate: subject.gate, reviews };
  const approvals = { approved: () => Promise.resolve(approval) } as unknown as ApprovalWorld['approvals'];
  return { approvals, catalogue, people, approvalsRequired: 2 };
}

const take = (review: SignedReview, people = peopleOf(signers)) =>
  requireSignedReview({ catalogue, people }, review, subject);
const altered = (review: SignedReview, change: Partial<ReviewStatement>): SignedReview => ({
  ...review,
  statement: { ...review.statement, ...change },
});

describe('a signed review', () => {
  it('counts when a reviewer other than the author signed it about these bytes', () =>
    expect(take(ada.sign(said))).resolves.toBeUndefined());

  it.each([
    ['made without the key', 'REVIEW_SIGNATURE_FORGED', { ...ada.sign(said), signature: grace.sign(said).signature }],
    ['without any signature', 'REVIEW_SIGNATURE_FORGED', { ...ada.sign(said), signature: '' }],
    [
      'altered from reject to approve',
      'REVIEW_SIGNATURE_FORGED',
      altered(ada.sign({ ...said, verdict: 'reject' }), { verdict: 'approve' }),
    ],
    ['with another comment', 'REVIEW_SIGNATURE_FORGED', altered(ada.sign(said), { comment: 'never read' })],
    ["in another person's name", 'REVIEW_KEY_UNKNOWN', altered(ada.sign(said), { reviewer: 'grace' })],
    ['with a key that nobody registered', 'REVIEW_KEY_UNKNOWN', createSigner('ada').sign(said)],
    ['replayed from other bytes', 'REVIEW_OF_OTHER_BYTES', ada.sign({ ...said, artifactDigest: 'b'.repeat(64) })],
    [
      'replayed from other bytes under this digest',
      'REVIEW_SIGNATURE_FORGED',
      altered(ada.sign({ ...said, artifactDigest: 'b'.repeat(64) }), { artifactDigest }),
    ],
    [
      'of another promotion',
      'REVIEW_OF_OTHER_CANDIDATE',
      ada.sign({ ...said, workflowId: 'promote:forecaster:3:second' }),
    ],
    ['for another gate', 'REVIEW_OF_OTHER_CANDIDATE', ada.sign({ ...said, gate: 'plumbing check' })],
    ['by the author', 'REVIEW_BY_AUTHOR', linus.sign(said)],
  ])('%s is refused', (_case, code, review) => expect(take(review)).rejects.toMatchObject({ code }));

  it('of a person who has the key no more is refused', () =>
    expect(take(ada.sign(said), peopleOf([grace], [ada]))).rejects.toMatchObject({ code: 'REVIEW_KEY_REVOKED' }));

  it('of a person who is no reviewer is refused', () => {
    const people = { ...peopleOf(signers), hasRole: () => Promise.resolve(false) };
    return expect(take(ada.sign(said), people)).rejects.toMatchObject({ code: 'REVIEWER_UNKNOWN' });
  });

  it('of a digest that the catalogue has under another version is refused', () =>
    expect(
      requireSignedReview({ catalogue, people: peopleOf(signers) }, ada.sign({ ...said, modelVersion: '4' }), {
        ...subject,
        modelVersion: '4',
      }),
    ).rejects.toMatchObject({ code: 'REVIEW_OF_OTHER_BYTES' }));
});

describe("a champion's approval", () => {
  const refused = { code: 'CHAMPION_NOT_APPROVED' };

  it('stands on two signatures, also after one of the keys was revoked', async () => {
    const reviews = [ada.sign(said), grace.sign(said)];
    await expect(requireApproval(world(reviews), version)).resolves.toBeUndefined();
    const revoked = peopleOf([grace], [ada]);
    await expect(requireApproval(world(reviews, revoked), version)).resolves.toBeUndefined();
  });

  it.each([
    ['one person', [ada.sign(said)]],
    ['one person twice', [ada.sign(said), ada.sign({ ...said, comment: 'again' })]],
    ['the author and another', [ada.sign(said), linus.sign(said)]],
    ['a forged signature', [ada.sign(said), { ...grace.sign(said), signature: ada.sign(said).signature }]],
    ['statements about other bytes', [ada.sign(said), grace.sign({ ...said, artifactDigest: 'b'.repeat(64) })]],
    ['nobody', []],
  ])('does not stand on %s', (_case, reviews) =>
    expect(requireApproval(world(reviews), version)).rejects.toMatchObject(refused),
  );
});

describe('whoever reaches Temporal without a key', () => {
  const candidate = { ...version, mlflowRunId: 'run', author: 'nobody' };
  const activities = createPromotionActivities(world() as PromotionWorld);
  const decision = { candidate, request: 'first', ...subject, decision: 'approved' as const };

  it('cannot write an approval, with too few reviews or with forged ones', async () => {
    const one = activities.recordDecision({ ...decision, reviews: [ada.sign(said)] });
    await expect(one).rejects.toMatchObject({ code: 'REVIEWS_TOO_FEW' });
    const forged = { ...grace.sign(said), signature: 'AAAA' };
    const two = activities.recordDecision({ ...decision, reviews: [ada.sign(said), forged] });
    await expect(two).rejects.toMatchObject({ code: 'REVIEW_SIGNATURE_FORGED' });
  });

  it('cannot crown a version that nobody signed for', () =>
    expect(activities.crownChampion(candidate)).rejects.toMatchObject({ code: 'CHAMPION_NOT_APPROVED' }));
});
