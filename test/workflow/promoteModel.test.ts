import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromotionActivities, PromotionDecision, PromotionRequest } from '#activities/promotionActivities.ts';
import { digest } from '#domain/digest.ts';
import type { ReviewStatement, SignedReview } from '#domain/reviewStatement.ts';
import { promotionStatus, review } from '#workflows/messages.ts';
import { promoteModel } from '#workflows/promoteModel.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

const artifactDigest = digest('a'.repeat(64));
const hourMs = 3_600_000;
const request: PromotionRequest = {
  candidate: { model: 'forecaster', modelVersion: '3', mlflowRunId: 'run', artifactDigest, author: 'ann' },
  request: 'first',
  honestGate: {
    name: 'worth trading',
    criteria: [{ metric: 'sharpe', comparison: 'atLeast', threshold: 1, reason: '-' }],
  },
  approvalsRequired: 2,
  reviewTimeoutMs: 72 * hourMs,
  reminderIntervalMs: 24 * hourMs,
};
const approval = (
  { workflowId }: { readonly workflowId: string },
  reviewer: string,
  more: Partial<ReviewStatement> = {},
): SignedReview => {
  const { model, modelVersion } = request.candidate;
  const statement: ReviewStatement = {
    format: 'plimsoll-review-1',
    workflowId,
    gate: 'worth trading',
    model,
    modelVersion,
    artifactDigest,
    reviewer,
    verdict: 'approve',
    comment: 'read the card',
    reviewedAtMs: Date.UTC(2026, 10, 21),
    key: 'c'.repeat(64),
    ...more,
  };
  return { statement, signature: `signature of ${reviewer}` };
};

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

/** Records what the workflow asked of the world. */
function world(figures: Record<string, number | null>) {
  const decisions: PromotionDecision[] = [];
  const calls: string[] = [];
  const activities: PromotionActivities = {
    readFigures: () => Promise.resolve(figures),
    verifyReview: () => Promise.resolve(),
    askForReview: (_, reminder) => Promise.resolve(void calls.push(`ask ${reminder}`)),
    recordDecision: (decision) => Promise.resolve(void (decisions.push(decision), calls.push('record'))),
    crownChampion: () => Promise.resolve(void calls.push('crown')),
  };
  return { activities, calls, decisions };
}

const start = (given: PromotionRequest = request) => tests.start(promoteModel, [given]);

async function underReview(given?: PromotionRequest) {
  const handle = await start(given);
  await untilReview(handle);
  return handle;
}

async function untilReview(handle: WorkflowHandle): Promise<void> {
  while ((await handle.query(promotionStatus)).stage !== 'review') await new Promise((done) => setTimeout(done, 20));
}

/** The stable code an update was refused with. */
async function refusal(update: Promise<unknown>): Promise<string | undefined> {
  try {
    await update;
    return undefined;
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    // The refusal of an activity lies under Temporal's own failure of it.
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      if (at instanceof ApplicationFailure && at.type) return at.type;
    }
    throw error;
  }
}

describe('promoteModel', () => {
  it('crowns only after the decision of two reviewers is written', async () => {
    const { activities, calls, decisions } = world({ sharpe: 1.2 });
    await tests.run(activities, async () => {
      const handle = await underReview();
      expect((await handle.executeUpdate(review, { args: [approval(handle, 'ben')] })).decision).toBe('pending');
      expect((await handle.executeUpdate(review, { args: [approval(handle, 'cat')] })).decision).toBe('approved');
      expect(await handle.result()).toMatchObject({ decision: 'approved', reviewers: ['ben', 'cat'] });
      await tests.record(handle, 'promoteModel');
    });
    expect(calls).toEqual(['ask 0', 'record', 'crown']);
    expect(decisions[0]?.candidate.artifactDigest).toBe(artifactDigest);
  });

  it('refuses the author, a second vote and other bytes without failing the workflow', async () => {
    const { activities } = world({ sharpe: 1.2 });
    await tests.run(activities, async () => {
      const handle = await underReview();
      await handle.executeUpdate(review, { args: [approval(handle, 'ben')] });
      const other = digest('b'.repeat(64));
      expect(await refusal(handle.executeUpdate(review, { args: [approval(handle, 'ann')] }))).toBe('REVIEW_BY_AUTHOR');
      expect(await refusal(handle.executeUpdate(review, { args: [approval(handle, 'ben')] }))).toBe('REVIEW_TWICE');
      expect(
        await refusal(handle.executeUpdate(review, { args: [approval(handle, 'cat', { artifactDigest: other })] })),
      ).toBe('REVIEW_OF_OTHER_BYTES');
      const elsewhere = approval({ workflowId: 'promote:forecaster:3:other' }, 'cat');
      expect(await refusal(handle.executeUpdate(review, { args: [elsewhere] }))).toBe('REVIEW_OF_OTHER_CANDIDATE');
      await handle.executeUpdate(review, { args: [approval(handle, 'cat')] });
      expect((await handle.result()).decision).toBe('approved');
    });
  });

  it('refuses a review before the gate is weighed', async () => {
    const { activities } = world({ sharpe: 1.2 });
    let weigh = (): void => undefined;
    const weighed = new Promise<void>((resolve) => (weigh = resolve));
    const readFigures = (): Promise<Record<string, number>> => weighed.then(() => ({ sharpe: 1.2 }));
    await tests.run({ ...activities, readFigures }, async () => {
      const handle = await start();
      expect(await refusal(handle.executeUpdate(review, { args: [approval(handle, 'ben')] }))).toBe('REVIEW_NOT_OPEN');
      weigh();
      await untilReview(handle);
      await handle.executeUpdate(review, { args: [approval(handle, 'ben', { verdict: 'reject' })] });
      expect((await handle.result()).reviewers).toEqual(['ben']);
    });
  });

  it('counts no review whose signature the activity refuses, and goes on', async () => {
    const { activities, decisions } = world({ sharpe: 1.2 });
    const verifyReview: PromotionActivities['verifyReview'] = ({ review: given }) =>
      given.statement.reviewer === 'eve'
        ? Promise.reject(ApplicationFailure.nonRetryable('did not sign', 'REVIEW_SIGNATURE_FORGED'))
        : Promise.resolve();
    await tests.run({ ...activities, verifyReview }, async () => {
      const handle = await underReview();
      const forged = handle.executeUpdate(review, { args: [approval(handle, 'eve')] });
      expect(await refusal(forged)).toBe('REVIEW_SIGNATURE_FORGED');
      for (const name of ['ben', 'cat']) await handle.executeUpdate(review, { args: [approval(handle, name)] });
      expect((await handle.result()).reviewers).toEqual(['ben', 'cat']);
    });
    expect(decisions[0]?.reviews.map(({ signature }) => signature)).toEqual(['signature of ben', 'signature of cat']);
  });

  it('takes a repeated update with the same id as one review', async () => {
    const { activities } = world({ sharpe: 1.2 });
    await tests.run(activities, async () => {
      const handle = await underReview();
      const once = { args: [approval(handle, 'ben')] as [SignedReview], updateId: 'ben-first' };
      await handle.executeUpdate(review, once);
      expect((await handle.executeUpdate(review, once)).approvals).toBe(1);
      await handle.terminate();
    });
  });

  it('ends at one rejection, and crowns nobody', async () => {
    const { activities, calls } = world({ sharpe: 1.2 });
    await tests.run(activities, async () => {
      const handle = await underReview();
      await handle.executeUpdate(review, { args: [approval(handle, 'ben', { verdict: 'reject' })] });
      expect((await handle.result()).decision).toBe('rejected');
    });
    expect(calls).not.toContain('crown');
  });

  it('never asks people about a model whose gate failed', async () => {
    const { activities, calls } = world({ sharpe: 0.4 });
    await tests.run(activities, async () => expect((await (await start()).result()).decision).toBe('gateFailed'));
    expect(calls).toEqual(['record']);
  });

  it('fails the gate on a figure that is missing', async () => {
    const { activities } = world({ sharpe: null });
    await tests.run(activities, async () => expect((await (await start()).result()).decision).toBe('gateFailed'));
  });

  it('names the demonstration gate when that one opened the review', async () => {
    const { activities } = world({ sharpe: 0.4, plumbing: 1 });
    const demonstrationGate = {
      name: 'plumbing check',
      criteria: [{ metric: 'plumbing', comparison: 'atLeast', threshold: 1, reason: '-' }],
    } as const;
    await tests.run(activities, async () => {
      const handle = await underReview({ ...request, demonstrationGate });
      for (const name of ['ben', 'cat'])
        await handle.executeUpdate(review, { args: [approval(handle, name, { gate: 'plumbing check' })] });
      const outcome = await handle.result();
      expect(outcome.gate).toMatchObject({ name: 'plumbing check', verdict: 'passed' });
      expect(outcome.honestGate).toMatchObject({ name: 'worth trading', verdict: 'failed' });
    });
  });

  it('reminds every day and expires after three', async () => {
    const { activities, calls } = world({ sharpe: 1.2 });
    await tests.run(activities, async () => expect((await (await start()).result()).decision).toBe('expired'));
    expect(calls).toEqual(['ask 0', 'ask 1', 'ask 2', 'record']);
  });
});
