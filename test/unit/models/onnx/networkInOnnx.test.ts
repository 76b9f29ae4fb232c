import { assert, asyncProperty, integer, nat } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '#models/graph/shape.ts';
import type { Network } from '#models/layers/layer.ts';
import { networkInOnnx } from '#models/layers/network.ts';
import { OnnxSession } from '#models/onnx/onnxSession.ts';
import type { OnnxPrecision } from '#models/onnx/onnxWriter.ts';
import { seededRandom } from '#domain/random.ts';
import { graphOutputs, networks, randomParameters } from '../layers/randomNetworks.ts';

const cpu = { provider: 'cpu', threads: 1 } as const;

function someInputs(network: Network, count: number, seed: number): Float32Array {
  const random = seededRandom(seed, 1);
  return Float32Array.from({ length: count * sizeOf(network.input) }, () => 2 * random() - 1);
}

/** Largest distance between what the graph and what ONNX Runtime make of the same inputs. */
async function distance(network: Network, precision: OnnxPrecision, drawn: { count: number; seed: number }) {
  const { count, seed } = drawn;
  const parameters = randomParameters(network, seed);
  const inputs = someInputs(network, count, seed);
  const session = await OnnxSession.load(networkInOnnx(network, parameters, precision), network.input, cpu);
  try {
    const [wanted, served] = [await graphOutputs(network, parameters, { inputs, count }), await session.run(inputs)];
    expect(served).toHaveLength(wanted.length);
    return served.reduce((worst, value, index) => Math.max(worst, Math.abs(value - wanted[index]!)), 0);
  } finally {
    await session.release();
  }
}

describe('a network in ONNX', () => {
  it.each([
    ['float32', 1e-5],
    ['float16', 2e-2],
    ['int8', 0.2],
  ] as const)('answers as its graph does, in %s to %d, whatever its layers', async (precision, tolerance) => {
    const agrees = asyncProperty(networks, integer({ min: 1, max: 3 }), nat(1_000), async (network, count, seed) => {
      expect(await distance(network, precision, { count, seed })).toBeLessThan(tolerance);
    });
    await expect(assert(agrees, { numRuns: 12 })).resolves.toBeUndefined();
  });

  it('drops nothing, convolves without padding and tells heads apart as its graph does', async () => {
    const network: Network = {
      input: [8, 6],
      layers: [
        { kind: 'conv1d', name: 'conv', filters: 6, kernelSteps: 3, padding: 'valid', activation: 'relu' },
        { kind: 'attentionBlock', name: 'block', heads: 3, feedForward: 5, dropout: 0.9 },
        { kind: 'lastStep', name: 'last' },
      ],
    };
    expect(await distance(network, 'float32', { count: 4, seed: 1 })).toBeLessThan(1e-5);
  });

  it('is refused without one of its parameters (MODEL_SHAPE_MISMATCH)', () => {
    const network: Network = {
      input: [2],
      layers: [{ kind: 'dense', name: 'one', units: 1, activation: 'none' }],
    };
    expect(() => networkInOnnx(network, { 'one/kernel': new Float32Array(2) }, 'float32')).toThrow(
      expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH', message: expect.stringContaining('one/bias') }),
    );
  });
});

describe('a served model', () => {
  const network: Network = { input: [2], layers: [{ kind: 'dense', name: 'one', units: 1, activation: 'none' }] };
  const model = networkInOnnx(network, randomParameters(network, 1), 'float32');

  it('answers nothing to no samples, and refuses inputs that end within one (MODEL_SHAPE_MISMATCH)', async () => {
    const session = await OnnxSession.load(model, network.input, cpu);
    expect(await session.run(new Float32Array())).toEqual(new Float32Array());
    await expect(session.run(new Float32Array(3))).rejects.toMatchObject({ code: 'MODEL_SHAPE_MISMATCH' });
    await session.release();
  });

  it('is refused where its bytes are none (ARTIFACT_UNREADABLE)', () =>
    expect(OnnxSession.load(model.subarray(0, 40), network.input, cpu)).rejects.toMatchObject({
      code: 'ARTIFACT_UNREADABLE',
    }));

  it.each(['cuda', 'tensorrt'] as const)(
    'says so where %s cannot be had, and computes nowhere else in silence (ONNX_PROVIDER_MISSING)',
    async (provider) => {
      const loading = OnnxSession.load(model, network.input, { provider, threads: 1 });
      // On a machine that has the provider it loads; nothing in between is allowed.
      const outcome = await loading.then(
        (session) => session.release().then(() => 'loaded'),
        (error: unknown) => (error as { readonly code: string }).code,
      );
      expect(['loaded', 'ONNX_PROVIDER_MISSING']).toContain(outcome);
    },
  );
});
