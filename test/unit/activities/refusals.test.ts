import { describe, expect, it } from 'vitest';
import { forecastSession, type ForecastWorld } from '#activities/forecastSession.ts';
import type { ModelVersion } from '#activities/ports/modelRegistry.ts';
import { createPromotionActivities, type PromotionWorld } from '#activities/promotionActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import { digest } from '#domain/digest.ts';
import { packArtifact } from '#domain/artifact.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { createSigner, peopleOf } from '#test/signer.ts';

const other = digest('b'.repeat(64));
const { digest: artifactDigest, files } = packArtifact(
  { 'weights.bin': Uint8Array.of(1) },
  {
    model: 'forecaster',
    trainingDigest: other,
    snapshotDigest: other,
    featureDigest: other,
    codeVersion: '0.1.0',
    spec: { kind: 'cnn-lstm' },
    seeds: { training: 7 },
    metrics: { validationLoss: 0.9 },
    environment: {},
  },
);
const champion: ModelVersion = { model: 'forecaster', version: '3', runId: 'run', artifactDigest };
const signers = ['ada', 'grace'].map(createSigner);
const gate = 'worth trading';
const reviews = signers.map((signer) =>
  signer.sign({
    workflowId: 'promote',
    gate,
    model: 'forecaster',
    modelVersion: '3',
    artifactDigest,
    verdict: 'approve',
    comment: 'read it',
  }),
);
const plan: SessionPlan = {
  account: 'paper',
  session: '2023-06-26',
  strategy: 'forecast',
  targets: { kind: 'champion', model: 'forecaster', dataset: 'sample-daily' },
  limits: {
    positionFractionMax: 0.15,
    leverageMax: 1,
    volatilityTargetFraction: 0.15,
    confidenceMin: 0,
    orderNotionalMaxDollars: 50_000,
    ordersPerSessionMax: 10,
    restrictedSymbols: [],
  },
  waits: standardWaits.session,
};

/** A world with only what a forecast asks first: registry, approvals, stored bytes, the dataset's head. */
function world(given: {
  readonly champion?: ModelVersion;
  readonly approvedVersion?: string;
  readonly stored?: Readonly<Record<string, Uint8Array>>;
  readonly asOf?: string;
}): ForecastWorld {
  const stored = given.stored ?? files;
  const prefix = `artifacts/${artifactDigest}/`;
  return {
    registry: { aliased: () => Promise.resolve(given.champion) },
    approvals: {
      approved: () =>
        Promise.resolve(
          given.approvedVersion && { model: 'forecaster', modelVersion: given.approvedVersion, gate, reviews },
        ),
    },
    people: peopleOf(signers),
    approvalsRequired: 2,
    objects: {
      list: () => Promise.resolve(Object.keys(stored).map((name) => prefix + name)),
      get: (key: string) => Promise.resolve(stored[key.slice(prefix.length)]),
    },
    catalogue: {
      artifact: () => Promise.resolve({ author: 'linus' }),
      head: () => Promise.resolve(given.asOf && { digest: other, asOf: given.asOf }),
    },
  } as unknown as ForecastWorld;
}
const code = (expected: string) => ({ code: expected });

describe('a session refuses to forecast', () => {
  it('without a champion', () =>
    expect(forecastSession(world({}), plan)).rejects.toMatchObject(code('CHAMPION_MISSING')));

  it('by a champion that nobody approved', () =>
    expect(forecastSession(world({ champion }), plan)).rejects.toMatchObject(code('CHAMPION_NOT_APPROVED')));

  it('when the alias was moved to a version the approval does not name', () =>
    expect(forecastSession(world({ champion, approvedVersion: '2' }), plan)).rejects.toMatchObject(
      code('CHAMPION_NOT_APPROVED'),
    ));

  it('when the stored bytes are not those that were approved', () =>
    expect(
      forecastSession(
        world({ champion, approvedVersion: '3', stored: { ...files, 'weights.bin': Uint8Array.of(2) } }),
        plan,
      ),
    ).rejects.toMatchObject(code('ARTIFACT_DIGEST_MISMATCH')));

  it('on data that ends before the session before it', () =>
    expect(forecastSession(world({ champion, approvedVersion: '3', asOf: '2023-06-22' }), plan)).rejects.toMatchObject(
      code('SNAPSHOT_STALE'),
    ));
});

describe('a promotion', () => {
  const nothing = {
    catalogue: { validation: () => Promise.resolve(undefined) },
  } as unknown as PromotionWorld;

  it('of bytes that were never validated is refused', () =>
    expect(createPromotionActivities(nothing).readFigures(artifactDigest)).rejects.toMatchObject(
      code('VALIDATION_MISSING'),
    ));
});
