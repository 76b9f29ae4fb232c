import { randomBytes } from 'node:crypto';
import type { SnapshotReference } from '#activities/marketDataActivities.ts';
import type { CandidateReference, TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { plainLifecycle } from '#test/bench/plainLifecycle.ts';
import type { House } from './house.ts';

/** The dataset of the packaged sample. */
export const dataset = 'sample-daily';

/** Ingests the sample as of a session. */
export function ingest({ world }: House, asOf: string): Promise<SnapshotReference> {
  return plainLifecycle(world).ingest({ dataset, asOf });
}

/** Trains and registers. */
export function train({ world }: House, request: TrainingRequest): Promise<TrainingOutcome> {
  return plainLifecycle(world).train(request);
}

/** A training of seconds: a small network on the plan's features, under a model name that no other test has. */
export function smallTraining(snapshot: SnapshotReference, epochs = 2): TrainingRequest {
  const { author, features, training } = loadPlan('demonstration');
  return {
    model: `test-${randomBytes(6).toString('hex')}`,
    author,
    snapshotDigest: snapshot.digest,
    features,
    training: { ...training, filters: 4, units: 4, windowSessions: 10, epochs },
    holdoutSessions: 63,
  };
}

/** Two reviewers' approval of a candidate's bytes, as a promotion records it. */
export function approve({ world }: House, candidate: CandidateReference, request = 'test'): Promise<void> {
  const reviews = ['ada', 'grace'].map((reviewer) => ({ reviewer, verdict: 'approve' as const, comment: 'read it' }));
  return world.promotion.recordDecision({ candidate, request, gate: 'plumbing check', decision: 'approved', reviews });
}
