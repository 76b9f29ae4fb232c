import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { tensorflow } from '../tensorflow.ts';
import type { Graph } from './graph.ts';
import { requireShape, sizeOf } from './shape.ts';

interface TensorInfo {
  readonly name: string;
  readonly shape: readonly { readonly size?: number }[];
  readonly dtype: string;
}

interface Signature {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

/** What the native backend offers beyond its public interface. */
interface NativeBackend {
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  runSavedModel(id: number, inputs: Tensor[], infos: TensorInfo[], outputs: string[]): Tensor[];
  deleteSavedModel(id: number): void;
}

/** A tensor as plain floats; shapes are the graph's. */
export type Floats = Readonly<Record<string, Float32Array>>;

/** A graph loaded into the native library, with its variables. */
export class GraphSession {
  private readonly id: number;
  private readonly signatures: Readonly<Record<string, Signature>>;

  private constructor(id: number, signatures: Readonly<Record<string, Signature>>) {
    this.id = id;
    this.signatures = signatures;
  }

  /** Loads a graph; its variables have no values until `assign` ran. */
  static async load(graph: Graph): Promise<GraphSession> {
    const tf = tensorflow();
    const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-graph-'));
    try {
      graph.save(folder);
      const [meta] = await tf.node.getMetaGraphsFromSavedModel(folder);
      const id = (tf.backend() as unknown as NativeBackend).loadSavedModelMetaGraph(folder, 'serve');
      return new GraphSession(id, meta!.signatureDefs as unknown as Readonly<Record<string, Signature>>);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * Runs a signature.
   * @throws RangeError when the graph has no such signature; Failure MODEL_SHAPE_MISMATCH when an input is missing or
   *   has the wrong number of elements
   */
  run(name: string, feeds: Floats = {}): Floats {
    const tf = tensorflow();
    const signature = this.signatures[name];
    if (!signature) throw new RangeError(`the graph has no signature ${name}`);
    const answers: Record<string, Float32Array> = {};
    // Nothing is handed out through the tidy: it would look for tensors in every element of every array.
    tf.tidy(() => {
      const keys = Object.keys(signature.inputs);
      const inputs = keys.map((key) => {
        const shape = signature.inputs[key]!.shape.map((axis) => Number(axis.size ?? axis));
        const values = feeds[key] ?? new Float32Array();
        requireShape(values.length === sizeOf(shape), `feed ${name}/${key} with`, [[values.length], shape]);
        return tf.tensor(values, shape, 'float32');
      });
      const outputs = Object.keys(signature.outputs);
      const results = (tf.backend() as unknown as NativeBackend).runSavedModel(
        this.id,
        inputs,
        keys.map((key) => signature.inputs[key]!),
        outputs.map((key) => signature.outputs[key]!.name),
      );
      for (const [index, key] of outputs.entries()) answers[key] = results[index]!.dataSync().slice() as Float32Array;
    });
    return answers;
  }

  /** Lets the native session go. */
  dispose(): void {
    (tensorflow().backend() as unknown as NativeBackend).deleteSavedModel(this.id);
  }
}
