import { randomBytes } from 'node:crypto';
import type { SnapshotReference } from '#activities/marketDataActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import type { CandidateReference, TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import { signReview } from '#console/signReview.ts';
import type { SignedReview } from '#domain/reviewStatement.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { plainLifecycle } from '#test/bench/plainLifecycle.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
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
  if (training.kind !== 'cnn-lstm') throw new RangeError('the demonstration trains another network');
  return {
    model: `test-${randomBytes(6).toString('hex')}`,
    author,
    snapshotDigest: snapshot.digest,
    features,
    training: { ...training, filters: 4, units: 4, windowSessions: 10, epochs },
    holdoutSessions: 63,
  };
}

/** A day of an account by the champion of a model. */
export function championDay(
  { account, session, model }: { readonly account: string; readonly session: string; readonly model: string },
  volatilityTargetFraction = 0.15,
): SessionPlan {
  return {
    account,
    session,
    strategy: 'champion',
    targets: { kind: 'champion', model, dataset },
    limits: {
      positionFractionMax: 0.15,
      leverageMax: 1,
      volatilityTargetFraction,
      confidenceMin: 0,
      orderNotionalMaxDollars: 50_000,
      ordersPerSessionMax: 20,
      restrictedSymbols: [],
    },
    waits: standardWaits.session,
    ingestAfterClose: dataset,
  };
}

/** Two registered reviewers' signed approval of a candidate's bytes, as a promotion records it. */
export async function approve(
  { world, database }: House,
  candidate: CandidateReference,
  request = 'test',
): Promise<void> {
  const people = createPeople(database);
  const known = await people.people();
  const { model, modelVersion, artifactDigest } = candidate;
  const gate = { name: 'plumbing check', verdict: 'passed', checks: [] } as const;
  const workflowId = workflowIds.promote(model, modelVersion, request);
  const said = { workflowId, status: { model, modelVersion, gate }, artifactDigest, comment: 'read it' };
  const reviews: SignedReview[] = [];
  for (const name of ['ada', 'grace']) {
    const password = `${name} signs`;
    if (!known.some((person) => person.name === name)) await people.register({ name, password, roles: ['reviewer'] });
    reviews.push(await signReview(people, { name, password }, { ...said, verdict: 'approve' }));
  }
  await world.promotion.recordDecision({
    candidate,
    request,
    workflowId,
    gate: gate.name,
    decision: 'approved',
    reviews,
  });
}
