import { createRequire } from 'node:module';
import type * as Runtime from 'onnxruntime-node';
import { Failure } from '#domain/failure.ts';
import { requireShape, sizeOf, type Shape } from '../graph/shape.ts';

/** Where a model computes; the processor is always there, the others need a build of ONNX Runtime that has them. */
export const onnxProviders = ['cpu', 'cuda', 'tensorrt'] as const;

/** One of them. */
export type OnnxProvider = (typeof onnxProviders)[number];

/** How a model is loaded. */
export interface OnnxOptions {
  readonly provider: OnnxProvider;
  /** Threads of one operation. */
  readonly threads: number;
}

/** Version of the runtime, for manifests. */
export function onnxRuntimeVersion(): string {
  return runtime().env.versions.node ?? 'unknown';
}

/**
 * A loaded ONNX model with input `x` and output `y`, float32. The runtime's binding computes on the event loop, which a
 * large batch holds up: workers load models in a model process.
 */
export class OnnxSession {
  private readonly session: Runtime.InferenceSession;
  private readonly sample: Shape;

  private constructor(session: Runtime.InferenceSession, sample: Shape) {
    this.session = session;
    this.sample = sample;
  }

  /**
   * Loads a model.
   * @param sample shape of a sample
   * @throws Failure ONNX_PROVIDER_MISSING when the provider cannot be had; ARTIFACT_UNREADABLE when the bytes are no model
   */
  static async load(bytes: Uint8Array, sample: Shape, { provider, threads }: OnnxOptions): Promise<OnnxSession> {
    const ort = runtime();
    const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
    requireProvider(provider);
    try {
      const session = await ort.InferenceSession.create(bytes, { ...options, executionProviders: [provider] });
      return new OnnxSession(session, sample);
    } catch (cause) {
      if (provider === 'cpu') {
        throw new Failure('ARTIFACT_UNREADABLE', `the ONNX model does not load: ${textOf(cause)}`, {}, { cause });
      }
      throw missing(provider, cause);
    }
  }

  /**
   * Outputs for samples, all of them in one call.
   * @param inputs shape [count, ...sample]
   * @returns flat outputs
   * @throws Failure MODEL_SHAPE_MISMATCH when inputs end within a sample
   */
  async run(inputs: Float32Array): Promise<Float32Array> {
    const count = inputs.length / sizeOf(this.sample);
    requireShape(Number.isInteger(count), 'cut into samples', [[inputs.length], this.sample]);
    if (count === 0) return new Float32Array();
    const { Tensor } = runtime();
    const { y } = await this.session.run({ x: new Tensor('float32', inputs, [count, ...this.sample]) });
    return (y!.data as Float32Array).slice();
  }

  /** Lets the native session go. */
  release(): Promise<void> {
    return this.session.release();
  }
}

let loaded: typeof Runtime | undefined;

// Loaded when it is needed: what only reads artifacts needs no native library.
function runtime(): typeof Runtime {
  if (!loaded) {
    loaded = createRequire(import.meta.url)('onnxruntime-node') as typeof Runtime;
    // What goes wrong is thrown; the library would print it as well.
    loaded.env.logLevel = 'fatal';
  }
  return loaded;
}

/** Demands that a provider's libraries are installed. */
function requireProvider(provider: OnnxProvider): void {
  const known = runtime()
    .listSupportedBackends()
    .some(({ name }) => name === provider);
  if (!known) throw missing(provider);
}

function missing(provider: OnnxProvider, cause?: unknown): Failure {
  const reason = cause === undefined ? 'it is no part of this build' : textOf(cause);
  const message = `ONNX Runtime has no provider ${provider} here: ${reason}`;
  return new Failure('ONNX_PROVIDER_MISSING', message, { provider }, { cause });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
