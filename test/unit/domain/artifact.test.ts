import { describe, expect, it } from 'vitest';
import { digest } from '#domain/digest.ts';
import { sha256 } from '#domain/sha256.ts';
import { packArtifact, verifyArtifact } from '#domain/artifact.ts';
import { naiveForecaster, ridgeForecaster } from '#models/baselines.ts';
import { decodeTensors, encodeTensors } from '#models/tensorFile.ts';

const origin = {
  model: 'forecaster',
  trainingDigest: digest('1'.repeat(64)),
  snapshotDigest: digest('2'.repeat(64)),
  featureDigest: digest('3'.repeat(64)),
  codeVersion: '0.1.0',
  spec: { kind: 'cnn-lstm' },
  seeds: { training: 7 },
  metrics: { validationLoss: 0.9 },
  environment: { tensorflow: '2.18.1' },
};
const files = { 'weights.bin': Uint8Array.of(1, 2, 3), 'spec.json': new TextEncoder().encode('{}') };

describe('an artifact', () => {
  it('has one digest for the same files and origin, and it is that of its manifest', () => {
    const packed = packArtifact(files, origin);
    expect(packArtifact({ 'spec.json': files['spec.json'], 'weights.bin': files['weights.bin'] }, origin).digest).toBe(
      packed.digest,
    );
    expect(sha256(packed.files['manifest.json']!)).toBe(packed.digest);
    expect(verifyArtifact(packed.files, packed.digest).model).toBe('forecaster');
  });

  it.each([
    ['an altered file', { 'weights.bin': Uint8Array.of(1, 2, 4) }],
    ['a file that does not belong', { 'more.bin': Uint8Array.of(0) }],
    ['an altered manifest', { 'manifest.json': new TextEncoder().encode('{}') }],
  ])('is refused with %s (ARTIFACT_DIGEST_MISMATCH)', (_, change) => {
    const { digest: whole, files: packed } = packArtifact(files, origin);
    expect(() => verifyArtifact({ ...packed, ...change }, whole)).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_DIGEST_MISMATCH' }),
    );
  });

  it('is refused with a file missing', () => {
    const { digest: whole, files: packed } = packArtifact(files, origin);
    const { 'weights.bin': _, ...rest } = packed;
    expect(() => verifyArtifact(rest, whole)).toThrow(/weights\.bin/);
  });
});

describe('a file of tensors', () => {
  it('gives back every bit, also of what is no number', () => {
    const tensors = { b: Float32Array.of(1.5, Number.NaN, -0), a: Float32Array.of(3.4e38) };
    expect(decodeTensors(encodeTensors(tensors, { epoch: 2 }))).toEqual({ tensors, meta: { epoch: 2 } });
  });

  it('is refused when it is cut (ARTIFACT_UNREADABLE)', () =>
    expect(() => decodeTensors(encodeTensors({ a: Float32Array.of(1, 2) }).subarray(0, 30))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_UNREADABLE' }),
    ));
});

describe('the baselines', () => {
  const shape = { windowSessions: 2, features: 2 };
  const inputs = Float32Array.from({ length: 400 }, (_, index) => Math.sin(index * 12.9898) * 2);
  const labels = Float32Array.from({ length: 100 }, (_, row) => 0.5 + 3 * inputs[row * 4 + 2]! - inputs[row * 4 + 3]!);

  it('ridge finds the line its last session follows', async () => {
    const forecasts = await ridgeForecaster({ inputs, labels }, shape).predict(inputs);
    const unexplained = forecasts.reduce((sum, { mean }, row) => sum + (mean - labels[row]!) ** 2, 0);
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const total = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0);
    expect(unexplained / total).toBeLessThan(0.05);
  });

  it('naive forecasts the mean for every sample', async () => {
    const forecasts = await naiveForecaster({ inputs, labels }, shape).predict(inputs);
    expect(forecasts).toHaveLength(100);
    expect(forecasts[0]!.mean).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / 100, 6);
  });
});
