import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Approvals } from '#activities/ports/approvals.ts';
import type { ArtifactRow, Catalogue, SnapshotRow } from '#activities/ports/catalogue.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { sha256 } from '#domain/sha256.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { failureCode } from '../failureCode.ts';
import { createSigner } from '#test/signer.ts';
import { createTemporaryDatabase } from './temporaryDatabase.ts';
import type { TemporaryDatabase } from './temporaryDatabase.ts';

let temporary: TemporaryDatabase;
let catalogue: Catalogue;
let approvals: Approvals;

beforeAll(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  catalogue = createCatalogue(temporary.database);
  approvals = createApprovals(temporary.database);
});
afterAll(() => temporary.drop());

function snapshot(name: string, changes: Partial<SnapshotRow> = {}): SnapshotRow {
  return {
    digest: sha256(name),
    dataset: 'sample',
    asOf: sessionDate('2023-06-26'),
    firstSession: sessionDate('2013-01-02'),
    symbols: ['AAPL', 'GOOG'],
    rows: 5_000,
    manifestKey: `snapshots/${name}`,
    ...changes,
  };
}

/** Records everything an artifact came from, then the artifact. */
async function recordArtifact(name: string): Promise<ArtifactRow> {
  const row: ArtifactRow = {
    digest: sha256(`artifact ${name}`),
    model: `model-${name}`,
    trainingDigest: sha256(`training ${name}`),
    snapshotDigest: sha256(name),
    featureDigest: sha256(`features ${name}`),
    objectPrefix: `artifacts/${name}`,
    mlflowRunId: `run-${name}`,
    modelVersion: '1',
    author: 'ada',
  };
  await catalogue.publishSnapshot(snapshot(name, { dataset: name }));
  const { featureDigest, snapshotDigest } = row;
  await catalogue.recordFeatureSet({ digest: featureDigest, snapshotDigest, objectKey: 'features', rows: 10 });
  await catalogue.recordArtifact(row);
  return row;
}

describe('snapshots', () => {
  test('the head is the newest day, whatever the order of publication', async () => {
    const old = snapshot('old', { asOf: sessionDate('2023-06-25') });
    const recent = snapshot('recent');
    await catalogue.publishSnapshot(recent);
    await catalogue.publishSnapshot(old);
    expect(await catalogue.head('sample')).toEqual(recent);
    expect(await catalogue.snapshots('sample')).toEqual([old, recent]);
    expect(await catalogue.snapshot(old.digest)).toEqual(old);
    expect(await catalogue.head('nothing')).toBeUndefined();
  });

  test('a repaired snapshot of the same day takes the head, a repeat of the first does not take it back', async () => {
    const dataset = 'repaired';
    const first = snapshot('first', { dataset });
    const repaired = snapshot('repaired', { dataset });
    await catalogue.publishSnapshot(first);
    await catalogue.publishSnapshot(repaired);
    await catalogue.publishSnapshot(first);
    expect(await catalogue.head(dataset)).toEqual(repaired);
  });

  test('parallel publications of one snapshot are one', async () => {
    const row = snapshot('parallel', { dataset: 'parallel' });
    await Promise.all(Array.from({ length: 10 }, () => catalogue.publishSnapshot(row)));
    expect(await catalogue.snapshots('parallel')).toEqual([row]);
  });

  test('the same rows are published as another dataset, and as of another session', async () => {
    const first = snapshot('twin', { dataset: 'twin-one' });
    const other = { ...first, dataset: 'twin-two', manifestKey: 'snapshots/twin-two' };
    const later = { ...first, asOf: sessionDate('2023-06-27'), manifestKey: 'snapshots/twin-later' };
    for (const row of [first, other, later]) await catalogue.publishSnapshot(row);
    expect(await catalogue.head('twin-one')).toEqual(later);
    expect(await catalogue.head('twin-two')).toEqual(other);
    expect(await catalogue.snapshots('twin-one')).toEqual([first, later]);
    expect(await catalogue.snapshot(first.digest)).toEqual(first);
  });

  test('ROW_CONFLICT: a publication cannot have two manifests', async () => {
    const row = snapshot('manifested', { dataset: 'manifested' });
    await catalogue.publishSnapshot(row);
    expect(await failureCode(catalogue.publishSnapshot({ ...row, manifestKey: 'elsewhere' }))).toBe('ROW_CONFLICT');
  });

  test('ROW_CONFLICT: a digest cannot name two snapshots, and the head stays', async () => {
    const row = snapshot('taken', { dataset: 'taken' });
    await catalogue.publishSnapshot(row);
    const other = { ...row, rows: 1, asOf: sessionDate('2024-01-02') };
    expect(await failureCode(catalogue.publishSnapshot(other))).toBe('ROW_CONFLICT');
    expect(await catalogue.head('taken')).toEqual(row);
  });
});

describe('lineage', () => {
  test('an artifact is found by its digest and by its version', async () => {
    const row = await recordArtifact('found');
    await catalogue.recordArtifact(row);
    expect(await catalogue.artifact(row.digest)).toEqual(row);
    expect(await catalogue.artifactByVersion('model-found', '1')).toEqual(row);
    expect(await catalogue.artifactByVersion('model-found', '2')).toBeUndefined();
    expect(await catalogue.featureSet(row.featureDigest)).toEqual({
      digest: row.featureDigest,
      snapshotDigest: row.snapshotDigest,
      objectKey: 'features',
      rows: 10,
    });
  });

  test('every artifact is listed by model, its versions ascending as numbers', async () => {
    const row = await recordArtifact('listed');
    const versioned = (version: string) => ({ ...row, digest: sha256(`listed ${version}`), modelVersion: version });
    for (const version of ['10', '9']) await catalogue.recordArtifact(versioned(version));
    const listed = (await catalogue.artifacts()).filter(({ model }) => model === row.model);
    expect(listed).toEqual([row, versioned('9'), versioned('10')]);
  });

  test('ROW_CONFLICT: one version cannot be two artifacts', async () => {
    const row = await recordArtifact('version');
    const second = { ...row, digest: sha256('another') };
    expect(await failureCode(catalogue.recordArtifact(second))).toBe('ROW_CONFLICT');
  });

  test('LINEAGE_BROKEN: features of an unknown snapshot, a validation of an unknown artifact', async () => {
    const unknown = sha256('unknown');
    const features = { digest: sha256('f'), snapshotDigest: unknown, objectKey: 'k', rows: 1 };
    expect(await failureCode(catalogue.recordFeatureSet(features))).toBe('LINEAGE_BROKEN');
    const validation = { artifactDigest: unknown, planDigest: unknown, summary: {}, reportKey: 'k' };
    expect(await failureCode(catalogue.recordValidation(validation))).toBe('LINEAGE_BROKEN');
  });

  test('the latest validation of an artifact is the one that is read', async () => {
    const { digest: artifactDigest } = await recordArtifact('validated');
    const first = { artifactDigest, planDigest: sha256('p1'), summary: { figures: { sharpe: 1.25 } }, reportKey: 'r1' };
    const second = {
      artifactDigest,
      planDigest: sha256('p2'),
      summary: { figures: { sharpe: null } },
      reportKey: 'r2',
    };
    await catalogue.recordValidation(first);
    await catalogue.recordValidation(second);
    await catalogue.recordValidation(first);
    expect(await catalogue.validation(artifactDigest)).toEqual(second);
    expect(await failureCode(catalogue.recordValidation({ ...first, summary: {} }))).toBe('ROW_CONFLICT');
  });
});

describe('approvals', () => {
  test('only approved bytes are approved; a later rejection withdraws, an expiry does not', async () => {
    const { digest: artifactDigest, model } = await recordArtifact('approved');
    const grace = createSigner('grace');
    const row = (
      request: string,
      decision: 'approved' | 'rejected' | 'expired',
    ): Parameters<Approvals['record']>[0] => ({
      artifactDigest,
      model,
      modelVersion: '1',
      request,
      decision,
      gate: 'worth trading',
      reviews: [
        grace.sign({
          workflowId: 'promote',
          gate: 'worth trading',
          model,
          modelVersion: '1',
          artifactDigest,
          verdict: decision === 'approved' ? 'approve' : 'reject',
          comment: 'read it',
        }),
      ],
    });
    expect(await approvals.approved(artifactDigest)).toBeUndefined();
    await approvals.record(row('r1', 'approved'));
    await approvals.record(row('r1', 'approved'));
    await approvals.record(row('r2', 'expired'));
    expect(await approvals.approved(artifactDigest)).toEqual(row('r1', 'approved'));
    expect(await failureCode(approvals.record(row('r2', 'approved')))).toBe('ROW_CONFLICT');
    await approvals.record(row('r3', 'rejected'));
    expect(await approvals.approved(artifactDigest)).toBeUndefined();
    expect((await approvals.decisions(model)).map(({ decision }) => decision)).toEqual([
      'approved',
      'expired',
      'rejected',
    ]);
  });
});
