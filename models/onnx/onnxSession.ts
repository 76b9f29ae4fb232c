import { createRequire } from 'node:module';
import type * as Runtime from 'onnxruntime-node';
import type * as Native from 'onnxruntime-node/dist/binding.js';
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
 * large batch holds up: workers load models in a model process. It is called without the library's session around it,
 * which would wait for a turn of the loop before each forecast, a tenth of its time, and compute there all the same.
 */
export class OnnxSession {
  private readonly session: Native.Binding.InferenceSession;
  private readonly sample: Shape;

  private constructor(session: Native.Binding.InferenceSession, sample: Shape) {
    this.session = session;
    this.sample = sample;
  }

  /**
   * Loads a model.
   * @param sample shape of a sample
   * @throws Failure ONNX_PROVIDER_MISSING when the provider cannot be had; ARTIFACT_UNREADABLE when the bytes are no model
   */
  static async load(bytes: Uint8Array, sample: Shape, { provider, threads }: OnnxOptions): Promise<OnnxSession> {
    requireProvider(provider);
    const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
    const { binding, initOrt } = native();
    try {
      initOrt();
      const session = new binding.InferenceSession();
      // Memory of its own: the binding reads plain buffers.
      const { buffer, byteLength } = Uint8Array.from(bytes);
      session.loadModel(buffer, 0, byteLength, { ...options, executionProviders: [provider] });
      return new OnnxSession(session, sample);
    } catch (cause) {
      if (provider === 'cpu') {
        throw new Failure('ARTIFACT_UNREADABLE', `the ONNX model does not load: ${textOf(cause)}`, {}, { cause });
      }
      throw missing(provider, cause);
    }
  }

  /** As `compute`, for who awaits. */
  async run(inputs: Float32Array): Promise<Float32Array> {
    return this.compute(inputs);
  }

  /**
   * Outputs for samples, all of them in one call, at once.
   * @param inputs shape [count, ...sample]
   * @returns flat outputs
   * @throws Failure MODEL_SHAPE_MISMATCH when inputs end within a sample
   */
  compute(inputs: Float32Array): Float32Array {
    const count = inputs.length / sizeOf(this.sample);
    requireShape(Number.isInteger(count), 'cut into samples', [[inputs.length], this.sample]);
    if (count === 0) return new Float32Array();
    const { Tensor } = runtime();
    const { y } = this.session.run({ x: new Tensor('float32', inputs, [count, ...this.sample]) }, { y: null }, {});
    return ((y as Runtime.Tensor).data as Float32Array).slice();
  }

  /** Lets the native session go. */
  async release(): Promise<void> {
    this.session.dispose();
  }
}

let loaded: typeof Runtime | undefined;

const require = createRequire(import.meta.url);

// Loaded when it is needed: what only reads artifacts needs no native library.
function runtime(): typeof Runtime {
  if (!loaded) {
    loaded = require('onnxruntime-node') as typeof Runtime;
    // What goes wrong is thrown; the library would print it as well.
    loaded.env.logLevel = 'fatal';
  }
  return loaded;
}

/** The synchronous session under the library's. */
function native(): typeof Native {
  runtime();
  return require('onnxruntime-node/dist/binding.js') as typeof Native;
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
