import { createRequire } from 'node:module';
import util from 'node:util';
import type * as TensorFlow from '@tensorflow/tfjs-node-gpu';
import { Failure } from '#domain/failure.ts';

/** The library's namespace. */
export type TensorFlowLibrary = typeof TensorFlow;

let loaded: TensorFlowLibrary | undefined;

/**
 * The native TensorFlow library: the one place that loads it. It blocks the event loop while it computes, so only the
 * model process and tests call this.
 * @throws Failure TENSORFLOW_NOT_NATIVE when the addon does not load: the pure JavaScript fallback is sixty times
 *   slower and would look like a hang
 */
export function tensorflow(): TensorFlowLibrary {
  if (loaded) return loaded;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // The package calls two helpers that Node 23 removed.
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
  try {
    loaded = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu') as TensorFlowLibrary;
    return loaded;
  } catch (cause) {
    const message = 'native TensorFlow does not load: run npx plimsoll doctor, which provisions and proves it';
    throw new Failure('TENSORFLOW_NOT_NATIVE', message, {}, { cause });
  }
}

/** Versions and settings of this process that decide floating-point results; a setting that is unset is "default". */
export function computingEnvironment(): Readonly<Record<string, string>> {
  const { binding } = tensorflow().backend() as unknown as { readonly binding: { readonly TF_Version: string } };
  const { TF_NUM_INTRAOP_THREADS, TF_NUM_INTEROP_THREADS, TF_ENABLE_ONEDNN_OPTS } = process.env;
  return {
    node: process.versions.node,
    tensorflow: binding.TF_Version,
    tensorflowJs: tensorflow().version.tfjs,
    intraOpThreads: TF_NUM_INTRAOP_THREADS ?? 'default',
    interOpThreads: TF_NUM_INTEROP_THREADS ?? 'default',
    oneDnn: TF_ENABLE_ONEDNN_OPTS ?? 'default',
  };
}
